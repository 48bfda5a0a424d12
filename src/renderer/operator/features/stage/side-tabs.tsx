/** The right side: the settings by what they are of, and recording without a run. */
import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useRef, useState } from "react";
import { configurationForm } from "../../../../mirror";
import { useShortcut } from "../../../shared/shortcuts";
import { CameraPanel } from "../camera/camera-panel";
import { ConfigurationForm } from "../configuration/configuration-form";
import { DerivedFigures } from "../configuration/derived-figures";
import { PresetBar } from "../presets/preset-bar";
import { RecordingPanel } from "../recording/recording-panel";
import { StimulusPanel } from "../stimulus/stimulus-panel";
import { PanelBoundary } from "./panel-boundary";
import classes from "./side-tabs.module.css";

interface SideTab {
  readonly name: string;
  readonly panel: ReactNode;
}

const TABS: readonly SideTab[] = [
  { name: "Camera", panel: <CameraPanel /> },
  {
    name: "Stimulus",
    panel: (
      <ConfigurationForm group="stimulus" lead={<StimulusPanel />}>
        <DerivedFigures />
      </ConfigurationForm>
    ),
  },
  {
    name: "Geometry",
    panel: (
      <ConfigurationForm group="display">
        <DerivedFigures />
      </ConfigurationForm>
    ),
  },
  { name: "Session", panel: <ConfigurationForm group="session" /> },
  {
    name: "Acquisition",
    panel: (
      <ConfigurationForm group="acquisition">
        <DerivedFigures />
      </ConfigurationForm>
    ),
  },
  ...otherGroups(["camera", "stimulus", "display", "session", "acquisition"]),
  { name: "Record", panel: <RecordingPanel /> },
];

/** A group that the schema got since has a tab too, under the name that it gives itself. */
function otherGroups(placed: readonly string[]): readonly SideTab[] {
  const groups = configurationForm({}).filter(({ name }) => !placed.includes(name));
  return groups.map(({ name, label }) => ({ name: label, panel: <ConfigurationForm group={name} /> }));
}

export function SideTabs() {
  const [tab, setTab] = useState(TABS[0]?.name ?? "");
  const list = useRef<HTMLDivElement>(null);
  const step = (by: number) => {
    const place = (TABS.findIndex(({ name }) => name === tab) + by + TABS.length) % TABS.length;
    setTab(TABS[place]?.name ?? tab);
    // From there the next Tab goes into the panel, instead of through half of the window.
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[place]?.focus();
  };
  useShortcut({ keys: "[", label: "Tab before", group: "Settings", run: () => step(-1) });
  useShortcut({ keys: "]", label: "Next tab", group: "Settings", run: () => step(1) });
  useShortcut({ keys: "Alt+R", label: "The field's default", group: "Settings" });
  return (
    <aside className={classes.side} aria-label="Controls">
      <PanelBoundary name="The presets">
        <PresetBar />
      </PanelBoundary>
      {/* Panels stay, so that what is typed in one survives a look at another. */}
      <Tabs
        value={tab}
        onChange={(next) => setTab(next ?? tab)}
        keepMounted
        classNames={classes}
        activateTabWithKeyboard
      >
        <Tabs.List ref={list} aria-label="Settings">
          {TABS.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ name, panel }) => (
          <Tabs.Panel key={name} value={name}>
            <PanelBoundary name={name}>{panel}</PanelBoundary>
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}
