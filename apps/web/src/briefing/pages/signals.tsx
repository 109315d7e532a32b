import { Pair } from '../room-parts.tsx';
import { SignalsChart } from '../signals-chart.tsx';
import { type SignalsPage } from '../types.ts';

export function SignalsRoom({ then, now }: { then: SignalsPage; now: SignalsPage | null }) {
  const last = then.weeks.at(-1)?.overdueStock ?? 0;
  const over = last > then.upper;
  return (
    <>
      <div className="rhead">
        <p className={over ? 'rfig red' : 'rfig'} data-figure="stock">
          <Pair then={last} now={now?.weeks.at(-1)?.overdueStock} />
        </p>
        <p className="rbig rclamp">{then.words}</p>
      </div>
      <SignalsChart page={then} />
    </>
  );
}
