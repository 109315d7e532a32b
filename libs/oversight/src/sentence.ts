import { countVi, dayVi, type Day } from '#kernel';

/** A piece of a sentence: words, or a number with the list behind it. */
export interface Piece {
  readonly text: string;
  readonly what?: string;
}

export interface Overview {
  readonly overdue: number;
  readonly overdueBefore: number;
  readonly over30: number;
  readonly dueIn7: number;
  readonly dueIn7NoUpdate: number;
  /** The day since which nothing has been overdue. */
  readonly noneSince: Day | null;
}

/** "tăng 5", "giảm 2", "không đổi". */
export function changeVi(now: number, before: number): string {
  return now === before ? 'không đổi' : `${now > before ? 'tăng' : 'giảm'} ${countVi(Math.abs(now - before))}`;
}

/**
 * The sentence that a dashboard begins with (and a meeting opens with); `since` are the words of the comparison, as "giao ban trước". `among`: it
 * speaks of some tasks only, and begins with them.
 */
export function overviewSentence({ overdue, overdueBefore, over30, dueIn7, dueIn7NoUpdate, noneSince }: Overview, since: string, among?: { readonly total: number; readonly name: string }): readonly Piece[] {
  const change = `(${changeVi(overdue, overdueBefore)} so với ${since})`;
  const pieces: Piece[] = among === undefined ? [] : [{ text: 'Trong ' }, { text: countVi(among.total), what: 'all' }, { text: ` việc ${among.name} ` }];
  const first = (word: string): string => (among === undefined ? word : word.toLocaleLowerCase('vi'));
  if (overdue === 0) pieces.push({ text: `${first('Không')} có nhiệm vụ quá hạn ${overdueBefore === 0 ? (noneSince === null ? '' : `kể từ ngày ${dayVi(noneSince)}`) : change}`.trimEnd() });
  else {
    pieces.push({ text: first('Có ') }, { text: countVi(overdue), what: 'overdue' }, { text: ` nhiệm vụ quá hạn ${change}` });
    if (over30 > 0) pieces.push({ text: ', ' }, { text: countVi(over30), what: 'overdue-over-30' }, { text: ' trong số đó quá 30 ngày' });
  }
  if (dueIn7 === 0) pieces.push({ text: '; không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.' });
  else {
    pieces.push({ text: '; ' }, { text: countVi(dueIn7), what: 'due-7' }, { text: ' nhiệm vụ đến hạn trong 7 ngày làm việc tới, ' });
    if (dueIn7NoUpdate === 0) pieces.push({ text: 'đều có cập nhật trong 14 ngày.' });
    else pieces.push({ text: countVi(dueIn7NoUpdate), what: 'due-7-no-update' }, { text: ' chưa có cập nhật nào trong 14 ngày.' });
  }
  return pieces;
}
