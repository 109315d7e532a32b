import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { get, type Page } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { day, folded, local, moment } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reports.css';
import { actorWords } from '../task/story.tsx';
import { DefineForm, TargetForm, ValueForm } from './indicator-forms.tsx';
import { Tabs } from './tabs.tsx';
import { type Amount, type IndicatorChange, type IndicatorLine } from './types.ts';
import { amountWords, PART_WORDS } from './words.ts';

const BLANK: Amount = { kind: 'blank' };

/** What was recorded last: each part of it that is another one now, before and after, when, and by whom. */
function LastChange({ change: { of, before, after, at, by } }: { change: IndicatorChange }) {
  const units = useUnits();
  const names = [...new Set([...Object.keys(PART_WORDS), ...Object.keys(before?.parts ?? {}), ...Object.keys(after.parts ?? {})])];
  const moved: readonly { name: string | null; was: string; is: string }[] = [
    { name: null, was: amountWords(before?.amount ?? BLANK), is: amountWords(after.amount) },
    ...names.map((name) => ({ name: PART_WORDS[name] ?? name, was: amountWords(before?.parts?.[name] ?? BLANK), is: amountWords(after.parts?.[name] ?? BLANK) })),
    { name: t('Ghi chú'), was: before?.note ?? t('không có'), is: after.note ?? t('không có') },
  ].filter(({ name, was, is }) => was !== is && (before !== null || name === null));
  return (
    <p className="quiet rpchange">
      {of.kind === 'target' ? t('Thay đổi gần nhất, mục tiêu năm {{year}}:', { year: of.year }) : t('Thay đổi gần nhất, giá trị từ ngày {{day}}:', { day: day(of.validFrom) })}{' '}
      {moved.length === 0
        ? t('không đổi số nào')
        : moved.map(({ name, was, is }, n) => (
            <span key={name ?? ''}>
              {n > 0 ? '; ' : ''}
              {name === null ? null : `${name} `}
              {before === null && name === null ? (
                <>
                  {t('lần đầu')} <b>{is}</b>
                </>
              ) : (
                <>
                  <del>
                    <span className="vh">{t('trước:')} </span>
                    {was}
                  </del>{' '}
                  → <b>{is}</b>
                </>
              )}
            </span>
          ))}
      {' · '}
      {moment(at)}
      {by ? ` · ${actorWords(by, units.data ?? [])}` : ''}
    </p>
  );
}


/** `/bao-cao/chi-so`: indicators with the value in force, its columns, its evidence and since when; their targets; and what was changed last, by whom. */
export function IndicatorsPage() {
  const actor = useActor();
  const may = roleOf(actor) === 'office';
  const system = useSystem();
  const client = useQueryClient();
  const [open, setOpen] = useState<{ id: string; form: 'value' | 'target' } | null>(null);
  const { hash } = useLocation();
  const [typed, setTyped] = useState('');
  const indicators = useQuery({
    queryKey: ['indicators'],
    queryFn: async ({ signal }) => {
      const items: IndicatorLine[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page<IndicatorLine> = await get<Page<IndicatorLine>>('/indicators', { limit: '200', ...(cursor ? { cursor } : {}) }, signal);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
  });
  useEffect(() => {
    if (hash && indicators.data) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' });
  }, [hash, indicators.data]);
  const done = (): void => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: ['indicators'] });
  };
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const found = (indicators.data ?? []).filter((one) => words.every((word) => folded(`${one.name} ${one.code} ${one.unitName}`).includes(word)));
  return (
    <Frame title={t('Chỉ tiêu, chỉ số')}>
      <Tabs />
      <h1 className="listh">{t('Chỉ tiêu, chỉ số của các đơn vị')}</h1>
      <div className="rpcols">
        <section aria-label={t('Các chỉ tiêu')}>
          {indicators.isError ? (
            <Failure error={indicators.error} retry={() => void indicators.refetch()} />
          ) : !indicators.data ? (
            <Loading what={t('các chỉ tiêu')} />
          ) : indicators.data.length === 0 ? (
            <Nothing under title={t('Chưa có chỉ tiêu nào')} advice={may ? t('Thêm chỉ tiêu ở bên cạnh, rồi ghi giá trị với minh chứng: báo cáo lấy số từ đây.') : t('Văn phòng UBND tỉnh ghi chỉ tiêu.')} />
          ) : (
            <>
              <p className="acts">
                <label className="rpyear">
                  {t('Lọc')} <input type="search" name="filter" value={typed} placeholder={t('Gõ tên, không cần dấu')} onChange={(event) => setTyped(event.target.value)} />
                </label>
              </p>
              <ExportLinks path="/indicators" query={{}} />
              <ul className="rpplans">
                {found.map((one) => (
                  <li key={one.id} id={one.id} data-indicator={one.code}>
                    <h2 className="minor">{one.name}</h2>
                    <p>
                      <b>{amountWords(one.amount)}</b>{' '}
                      <span className="quiet">
                        {amountWords(one.amount).endsWith(one.measure) ? '' : `${one.measure} · `}
                        {one.ownerUnitName}
                        {one.validFrom ? ` · ${t('từ ngày {{day}}', { day: day(one.validFrom) })}` : ''}
                        {one.carriedOver ? ` · ${t('lấy từ kỳ trước')}` : ''}
                        {one.evidence?.number || one.evidence?.title ? ` · ${t('minh chứng: {{evidence}}', { evidence: one.evidence.number ?? one.evidence.title ?? '' })}` : ''}
                      </span>
                    </p>
                    {Object.keys(one.parts).length > 0 || one.note ? (
                      <p className="rpsaid">
                        {[...Object.entries(one.parts).map(([name, part]) => `${PART_WORDS[name] ?? name}: ${amountWords(part)}`), ...(one.note ? [t('Ghi chú: {{note}}', { note: one.note })] : [])].join(' · ')}
                      </p>
                    ) : null}
                    {Object.keys(one.targets).length > 0 ? (
                      <p className="rpsaid">
                        {Object.entries(one.targets)
                          .map(([year, target]) => t('Mục tiêu năm {{year}}: {{amount}}', { year, amount: amountWords(target) }))
                          .join(' · ')}
                      </p>
                    ) : null}
                    {one.change ? <LastChange change={one.change} /> : null}
                    {may && system.data ? (
                      open?.id !== one.id ? (
                        <p className="acts">
                          <button type="button" className="btn" onClick={() => setOpen({ id: one.id, form: 'value' })}>
                            {t('Ghi giá trị')}
                            <span className="vh"> {one.name}</span>
                          </button>
                          <button type="button" className="btn" onClick={() => setOpen({ id: one.id, form: 'target' })}>
                            {t('Ghi mục tiêu')}
                            <span className="vh"> {one.name}</span>
                          </button>
                        </p>
                      ) : open.form === 'value' ? (
                        <ValueForm indicator={one} actor={actor} today={local(system.data.now).day} done={done} close={() => setOpen(null)} />
                      ) : (
                        <TargetForm indicator={one} today={local(system.data.now).day} done={done} close={() => setOpen(null)} />
                      )
                    ) : null}
                  </li>
                ))}
              </ul>
              {found.length === 0 ? <p className="quiet">{t('Không chỉ tiêu nào khớp.')}</p> : null}
            </>
          )}
        </section>
        {may ? <DefineForm done={done} /> : null}
      </div>
    </Frame>
  );
}
