export interface PathStep {
  key: string;
  /** The key holds a list, and the path goes on in its items. */
  list: boolean;
  /** Of the list only the item of this `type`. */
  pick: string | null;
}

/** `sleep.quick_metrics[avg_hr].value` → `sleep`, and the steps below its object. */
export function parsePath(path: string): { type: string; steps: PathStep[] } {
  const [type, ...keys] = path.split('.');
  const steps = keys.map((key) => {
    const [, name, item] = /^([^[]+)(?:\[(\w*)\])?$/.exec(key)!;
    return { key: name, list: item !== undefined, pick: item || null };
  });
  return { type, steps };
}
