/** The vessels seen in green light: take a reference, lay one over the picture. */
import { NumberInput, Popover, Slider } from "@mantine/core";
import { useState } from "react";
import { listReferences, takeReference, viewChanged } from "../../../../mirror";
import type { ReferenceMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { commandHindrance } from "../../authority";
import { savedText } from "../presets/saved-text";
import classes from "./vessels-menu.module.css";

const FRAMES = { least: 1, most: 1000, usual: 100 } as const;

export function VesselsMenu() {
  const dispatch = useMirrorDispatch();
  const [opened, setOpened] = useState(false);
  const overlaid = useMirror((state) => state.view.referenceId !== "");
  const newest = useMirror((state) => ofAnimal(state.pictures.references ?? [], animalOf(state))[0]);
  const open = (to: boolean) => {
    setOpened(to);
    if (to) void dispatch(listReferences());
  };
  useShortcut({
    keys: "V",
    label: "Vessels over the picture, on and off",
    group: "Picture",
    run: () => {
      if (overlaid) dispatch(viewChanged({ referenceId: "" }));
      else if (newest) dispatch(viewChanged({ referenceId: newest.id }));
      else open(true);
    },
  });
  return (
    <Popover opened={opened} onChange={open} position="top-end" withArrow trapFocus closeOnEscape>
      <Popover.Target>
        <button
          type="button"
          aria-pressed={overlaid}
          aria-expanded={opened}
          onClick={() => open(!opened)}
          title="Take and overlay a reference of the vessels (V)"
        >
          Vessels
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Vessels">
        <VesselsPanel />
      </Popover.Dropdown>
    </Popover>
  );
}

function VesselsPanel() {
  return (
    <div className={classes.panel}>
      <TakeReference />
      <ReferenceList />
      <Opacity />
    </div>
  );
}

function TakeReference() {
  const dispatch = useMirrorDispatch();
  const [frames, setFrames] = useState<number>(FRAMES.usual);
  const hindrance = useMirror(commandHindrance);
  const taking = useMirror((state) => state.commands.takeReference.pending > 0);
  const take = async () => {
    // It keeps the focus meanwhile, so that Esc still closes the menu.
    if (taking) return;
    const taken = await dispatch(takeReference({ name: "", frames }))
      .unwrap()
      .catch(() => undefined);
    if (taken) dispatch(viewChanged({ referenceId: taken.id }));
  };
  return (
    <div className={classes.take}>
      <p>Light the brain green and focus on the vessels, then average:</p>
      <div className={classes.row}>
        <NumberInput
          size="xs"
          aria-label="Frames to average"
          suffix=" frames"
          min={FRAMES.least}
          max={FRAMES.most}
          allowDecimal={false}
          clampBehavior="blur"
          hideControls
          value={frames}
          onChange={(value) => setFrames(typeof value === "number" ? value : FRAMES.usual)}
        />
        <button
          type="button"
          disabled={hindrance !== undefined}
          aria-disabled={taking}
          title={hindrance}
          onClick={() => void take()}
        >
          {taking ? "Averaging …" : "Take reference"}
        </button>
      </div>
    </div>
  );
}

function ReferenceList() {
  const dispatch = useMirrorDispatch();
  const references = useMirror((state) => state.pictures.references);
  const animal = useMirror(animalOf);
  const chosen = useMirror((state) => state.view.referenceId);
  const [all, setAll] = useState(false);
  const error = useMirror((state) => state.commands.listReferences.error);
  if (error) return <p className={classes.quiet}>The references cannot be listed: {error.message}</p>;
  if (!references) return <p className={classes.quiet}>Looking for references …</p>;
  const listed = all ? references : ofAnimal(references, animal);
  return (
    <div className={classes.list} role="radiogroup" aria-label="Reference over the picture">
      <label className={classes.choice}>
        <input
          type="radio"
          name="reference"
          checked={chosen === ""}
          onChange={() => dispatch(viewChanged({ referenceId: "" }))}
        />
        None
      </label>
      {listed.map((reference) => (
        <label key={reference.id} className={classes.choice}>
          <input
            type="radio"
            name="reference"
            checked={chosen === reference.id}
            onChange={() => dispatch(viewChanged({ referenceId: reference.id }))}
          />
          <span>
            {reference.name}
            <span className={classes.quiet}> {referenceText(reference)}</span>
          </span>
        </label>
      ))}
      {listed.length === 0 && (
        <p className={classes.quiet}>{animal ? `There is none of ${animal} yet.` : "There is none yet."}</p>
      )}
      {animal !== "" && (
        <label className={classes.choice}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          Of all animals
        </label>
      )}
    </div>
  );
}

function Opacity() {
  const dispatch = useMirrorDispatch();
  const opacity = useMirror((state) => state.view.referenceOpacity);
  const overlaid = useMirror((state) => state.view.referenceId !== "");
  return (
    <div className={classes.opacity}>
      <span>Opacity</span>
      <Slider
        size="sm"
        color="dark.2"
        min={0}
        max={1}
        step={0.01}
        value={opacity}
        disabled={!overlaid}
        label={null}
        thumbLabel="Opacity of the vessels"
        onChange={(value) => dispatch(viewChanged({ referenceOpacity: value }))}
      />
      <span>{Math.round(opacity * 100)} %</span>
    </div>
  );
}

function animalOf(state: {
  readonly configuration: {
    readonly current: { readonly state: { readonly values: Readonly<Record<string, unknown>> } } | null;
  };
}): string {
  const animal = state.configuration.current?.state.values["session.animal_id"];
  return typeof animal === "string" ? animal : "";
}

function ofAnimal(references: readonly ReferenceMirror[], animal: string): readonly ReferenceMirror[] {
  return animal === "" ? references : references.filter(({ animalId }) => animalId === animal);
}

function referenceText({ takenUnixNs, animalId, frames }: ReferenceMirror): string {
  return [savedText(takenUnixNs), animalId, `${frames} frames`].filter((part) => part !== "").join(", ");
}
