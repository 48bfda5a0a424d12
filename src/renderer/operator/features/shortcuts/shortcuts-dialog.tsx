/** The list of keyboard shortcuts. */
import { Kbd, Modal } from "@mantine/core";
import { useShortcuts } from "../../../shared/shortcuts";
import classes from "./shortcuts-dialog.module.css";

/** What forms do by themselves, for the list. */
const IN_FORMS = [
  { keys: "Enter", label: "Apply what is typed" },
  { keys: "Esc", label: "Restore the value" },
  { keys: "↑ ↓", label: "Step a number; with Shift ten times as far" },
];

export function ShortcutsDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const shortcuts = useShortcuts();
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size="lg"
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={classes.groups}>
        {groups.map((group) => (
          <ShortcutGroup key={group} name={group} rows={shortcuts.filter((one) => one.group === group)} />
        ))}
        <ShortcutGroup name="Fields" rows={IN_FORMS} />
      </div>
    </Modal>
  );
}

function ShortcutGroup({ name, rows }: { name: string; rows: readonly { keys: string; label: string }[] }) {
  return (
    <div role="group" aria-label={name}>
      <h3 className={classes.name}>{name}</h3>
      <dl className={classes.rows}>
        {rows.map(({ keys, label }) => (
          <div key={keys}>
            <dt>
              <Kbd>{keys}</Kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
