export interface Labelled {
  /** In pixels, downwards. */
  x: number;
  y: number;
  /** Of the words. */
  width: number;
}
export interface LabelPlace {
  side: 'right' | 'left';
  /** Moved down by so many pixels. */
  down: number;
}

const LINE = 18;
const BESIDE = 12;
const PLACES: readonly LabelPlace[] = [0, LINE, -LINE, 2 * LINE, -2 * LINE, 3 * LINE, -3 * LINE].flatMap((down) => [{ side: 'right', down } as const, { side: 'left', down } as const]);

/** A place beside each point where its words run into no others; in a crowd the nearest one that is left over. */
export function labelPlaces(points: readonly Labelled[]): LabelPlace[] {
  const taken: { left: number; right: number; y: number }[] = points.map(({ x, y }) => ({ left: x - BESIDE / 2, right: x + BESIDE / 2, y }));
  return points.map(({ x, y, width }) => {
    const boxOf = ({ side, down }: LabelPlace) => ({ left: side === 'right' ? x + BESIDE : x - BESIDE - width, right: side === 'right' ? x + BESIDE + width : x - BESIDE, y: y + down });
    const free = (box: ReturnType<typeof boxOf>) => box.left >= 0 && taken.every((other) => other.right <= box.left || other.left >= box.right || Math.abs(other.y - box.y) >= LINE);
    const place = PLACES.find((one) => free(boxOf(one))) ?? PLACES[0]!;
    taken.push(boxOf(place));
    return place;
  });
}
