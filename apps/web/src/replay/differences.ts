/** One field of a task in words: compared and shown as such, so that what differs is what a reader sees differ. */
export interface Field {
  readonly key: string;
  readonly label: string;
  readonly text: string;
}

export interface Row {
  readonly key: string;
  readonly label: string;
  /** Texts at the points compared, in their order; null where the task was not there yet. */
  readonly texts: readonly (string | null)[];
  readonly changed: boolean;
}

/** The fields of several states side by side, in the order of the fields; one that only a later state has stands behind those it has in common. */
export function rowsOf(states: readonly (readonly Field[] | null)[]): Row[] {
  const named = new Map(states.flatMap((state) => (state ?? []).map(({ key, label }) => [key, label] as const)));
  return [...named].map(([key, label]) => {
    const texts = states.map((state) => state?.find((field) => field.key === key)?.text ?? null);
    return { key, label, texts, changed: texts.some((text) => text !== texts[0]) };
  });
}

/** What made a field what it is: the steps (by their index in `names`) at which its text changed. */
export type Causes<Name> = ReadonlyMap<string, readonly Name[]>;

/**
 * States one after another and what stands between each and the one before (`names[i]` between `states[i]` and `states[i + 1]`): which of those changed which field.
 * The states come from the server; nothing of the domain is decided here.
 */
export function causesOf<Name>(states: readonly (readonly Field[] | null)[], names: readonly Name[]): Causes<Name> {
  const causes = new Map<string, Name[]>();
  names.forEach((name, i) => {
    for (const row of rowsOf([states[i] ?? null, states[i + 1] ?? null])) {
      if (row.changed) causes.set(row.key, [...(causes.get(row.key) ?? []), name]);
    }
  });
  return causes;
}
