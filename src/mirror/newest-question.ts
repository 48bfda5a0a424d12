/** A question that is asked again before it was answered: the answer to the older one may come later, and must not take the place of the newer. */

const asked = new WeakMap<object, Map<string, number>>();

/**
 * Notes that a question is asked; the returned function says whether it is still the newest of its name.
 *
 * @param asker - of one asker's questions only the newest counts; others' are their own.
 */
export function asking(asker: object, question: string): () => boolean {
  const numbers = asked.get(asker) ?? new Map<string, number>();
  asked.set(asker, numbers);
  const mine = (numbers.get(question) ?? 0) + 1;
  numbers.set(question, mine);
  return () => numbers.get(question) === mine;
}
