import { ConclusionsRoom } from './pages/conclusions.tsx';
import { DueWeekRoom } from './pages/due-week.tsx';
import { OverdueRoom } from './pages/overdue.tsx';
import { OverviewRoom } from './pages/overview.tsx';
import { PreviousRoom } from './pages/previous.tsx';
import { RaisedRoom } from './pages/raised.tsx';
import { RequestsRoom } from './pages/requests.tsx';
import { type Around } from './pages/shared.ts';
import { SignalsRoom } from './pages/signals.tsx';
import { UnitRoom } from './pages/unit.tsx';
import { UnitsRoom } from './pages/units.tsx';
import { type ScreenAnswer } from './types.ts';

/** One page of the room from its answer. */
export function RoomPage({ answer, around }: { answer: ScreenAnswer; around: Around }) {
  switch (answer.page) {
    case 'overview':
      return <OverviewRoom then={answer.data} now={answer.now} around={around} />;
    case 'previous':
      return <PreviousRoom then={answer.data} now={answer.now} around={around} />;
    case 'overdue':
      return <OverdueRoom then={answer.data} now={answer.now} n={answer.n} />;
    case 'due-week':
      return <DueWeekRoom then={answer.data} now={answer.now} />;
    case 'units':
      return 'rows' in answer.data ? (
        <UnitsRoom then={answer.data} now={answer.now && 'rows' in answer.now ? answer.now : null} />
      ) : (
        <UnitRoom then={answer.data} now={answer.now && 'late' in answer.now ? answer.now : null} />
      );
    case 'raised':
      return <RaisedRoom then={answer.data} around={around} n={answer.n} />;
    case 'requests':
      return <RequestsRoom then={answer.data} decided={answer.decided} around={around} n={answer.n} />;
    case 'signals':
      return <SignalsRoom then={answer.data} now={answer.now} />;
    case 'conclusions':
      return <ConclusionsRoom then={answer.data} now={answer.now} around={around} n={answer.n} />;
  }
}
