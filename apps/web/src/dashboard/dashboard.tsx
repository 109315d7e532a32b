import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ApiError, get, type Figures } from '../api.ts';
import { useChanges } from '../compare/changes.ts';
import { count } from '../format.ts';
import { Frame } from '../frame.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { sinceWords } from '../scope/chips.tsx';
import { asQuery, compares, EMPTY_SCOPE, href, useScope, type Scope } from '../scope/scope.ts';
import { useUnitName } from '../scope/units.ts';
import { Failure, Loading } from '../states.tsx';
import { POLICY_WORDS, RATE_WORDS, ratePair } from '../words.ts';
import { Groups } from './groups.tsx';
import { Rates } from './rates.tsx';
import { Sources } from './sources.tsx';
import { Strip } from './strip.tsx';

const LIVE_MS = 20_000;

function useFigures(scope: Scope) {
  const query = { ...asQuery(scope), groupBy: scope.unitId === null ? 'unit' : null };
  return useQuery({
    queryKey: ['figures', query],
    queryFn: ({ signal }) => get<Figures>('/figures', query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: scope.day === null ? LIVE_MS : false,
  });
}

export function Dashboard() {
  const scope = useScope();
  const figures = useFigures(scope);
  const changes = useChanges(scope);
  const unitName = useUnitName(scope.unitId);
  const data = figures.data;
  const lost = figures.error instanceof ApiError && figures.error.status === 0;
  const refused = figures.isError && !(lost && data);
  const official = data?.officialRate ?? 'R2';
  const front = data?.rates.some((rate) => rate.code === scope.rate) ? (scope.rate ?? official) : official;
  return (
    <Frame
      title={`Bảng điều hành, ${unitName}`}
      instant={data && !refused ? { asOf: data.parameters.asOf, position: data.parameters.position } : undefined}
      updatedAt={figures.dataUpdatedAt || undefined}
      lost={lost}
    >
      <ScopeBar path="/" from={data && !refused ? data.parameters.from : null} official={official} />
      {refused ? (
        <Failure error={figures.error} retry={() => void figures.refetch()}>
          {scope.period ? (
            <Link className="btn primary" to={href('/', { ...scope, period: null })}>
              Dùng kỳ chứa ngày đang xem
            </Link>
          ) : null}
          {href('/', scope) === '/' ? null : (
            <Link className="btn" to={href('/', EMPTY_SCOPE)}>
              Bỏ mọi lựa chọn
            </Link>
          )}
        </Failure>
      ) : data ? (
        <div className={figures.isPlaceholderData ? 'stale' : ''} data-ready={figures.isPlaceholderData ? undefined : 'yes'}>
          <Answer data={data} front={front} official={official} />
          {compares(scope) ? <Compared scope={scope} changes={changes} /> : null}
          <Strip data={data} scope={scope} unitName={unitName} changes={changes.data} />
          <Rates data={data} scope={scope} unitName={unitName} front={front} official={official} />
          {scope.unitId === null && data.groups && data.groups.length > 0 ? (
            <Groups data={data} groups={data.groups} scope={scope} rates={ratePair(front)} />
          ) : null}
          <Sources data={data} scope={scope} />
        </div>
      ) : (
        <Loading what="số liệu" />
      )}
    </Frame>
  );
}

function Answer({ data, front, official }: { data: Figures; front: string; official: string }) {
  const headline = data.rates.find((rate) => rate.code === front);
  const policy = data.parameters.fixedDatePolicy;
  return (
    <>
      <h1 className="answer">
        {data.total === 0 ? (
          <span className="ans">Chưa có việc nào trong phạm vi này.</span>
        ) : headline && headline.denominator > 0 ? (
          <span className="ans">
            <span className="big">
              {count(headline.numerator)}/{count(headline.denominator)}
            </span>{' '}
            việc {front === 'R2' ? 'đúng hạn' : (RATE_WORDS[front] ?? headline.name.toLowerCase())} ({headline.text})
          </span>
        ) : (
          <span className="ans">
            <span className="big">{count(data.total)}</span> việc, {front === 'R1' ? 'chưa việc nào hoàn thành' : 'chưa việc nào đến hạn'}
          </span>
        )}{' '}
        <span className="more">
          {data.sentence.split(/([\d.,]+ %)/).map((piece, index) =>
            index % 2 === 1 ? (
              <span key={index} className="fr">
                {piece}
              </span>
            ) : (
              piece
            ),
          )}
        </span>
      </h1>
      {front !== official ? (
        <p className="aside">
          Đang đặt trước định nghĩa {front}; định nghĩa chính thức là {official}, {RATE_WORDS[official]}.
        </p>
      ) : null}
      {policy ? (
        <p className="aside whatif">
          <b className="whatmark">Giả định</b> {POLICY_WORDS[policy] ?? policy}. Đây không phải số liệu chính thức.
        </p>
      ) : null}
      {data.secretCounts && data.secretCounts.entries > 0 ? (
        <p className="aside">
          Ngoài tổng số trên, việc mật chỉ ghi số lượng: {count(data.secretCounts.assigned)} việc giao, {count(data.secretCounts.completed)}{' '}
          việc hoàn thành.
        </p>
      ) : null}
    </>
  );
}

/** One line: how many tasks differ from the other point, and the way to them. */
function Compared({ scope, changes }: { scope: Scope; changes: ReturnType<typeof useChanges> }) {
  if (changes.isError) {
    return (
      <p className="aside" role="alert">
        Không so được với {sinceWords(scope)}: {changes.error.message}
      </p>
    );
  }
  const data = changes.data;
  return (
    <p className="aside" aria-live="polite">
      So với {sinceWords(scope)}:{' '}
      {data ? (
        <>
          tổng số {count(data.since.total)} → <b>{count(data.now.total)}</b>; {count(data.entered.total)} việc vào nhóm,{' '}
          {count(data.left.total)} việc ra khỏi nhóm, {count(data.changed.total)} việc có thay đổi.{' '}
          <Link to={href('/so-sanh', scope)}>Xem từng việc</Link>
        </>
      ) : (
        'đang so…'
      )}
    </p>
  );
}
