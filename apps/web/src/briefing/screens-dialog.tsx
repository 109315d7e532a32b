import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { ApiError, type Problem } from '../api.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { local } from '../format.ts';
import { asRecorded, t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { getAs, postAs, type Asker } from './ask.ts';
import { type Briefing, type ScreenItem } from './types.ts';
import { clockOf, shortDay } from './words.ts';

const EVERY_MS = 5_000;

export const useScreens = (as: Asker) =>
  useQuery({
    queryKey: ['screens', as],
    queryFn: async ({ signal }) => (await getAs<{ items: ScreenItem[] }>(as, '/screens', {}, signal)).items,
    refetchInterval: EVERY_MS,
  });

const when = (instant: string): string => `${clockOf(instant)} ${shortDay(local(instant).day)}`;

/** Screens are let in by the code they show, and turned away here. */
export function ScreensDialog({ briefing, as, close }: { briefing: Briefing; as: Asker; close: () => void }) {
  const client = useQueryClient();
  const screens = useScreens(as);
  const valid = (screens.data ?? []).filter(({ revoked }) => !revoked);
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [says, setSays] = useState('');
  const fresh = () => client.invalidateQueries({ queryKey: ['screens'] });
  const told = (error: unknown): Problem => (error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
  const pair = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const digits = code.replace(/\D/g, '');
    if (digits.length !== 6) {
      setProblem({ title: t('Chưa đủ'), detail: t('Mã có sáu chữ số.'), errors: [{ pointer: '/code', detail: t('Mã có sáu chữ số, đọc trên màn phòng họp.') }] });
      return;
    }
    setProblem(null);
    try {
      const called = name.trim() || asRecorded(`Màn ${valid.length + 1}`);
      await postAs(as, '/screens/pair', { code: digits, briefingId: briefing.id, name: called });
      setSays(t('Đã ghép {{name}}. Màn tự hiện trong vài giây.', { name: called }));
      setCode('');
      setName('');
      await fresh();
    } catch (error) {
      setProblem(told(error));
    }
  };
  const revoke = async (screen: ScreenItem): Promise<void> => {
    try {
      await postAs(as, `/screens/${encodeURIComponent(screen.id)}/revoke`, {});
      setSays(t('Đã thu hồi {{name}}.', { name: screen.name }));
      await fresh();
    } catch (error) {
      setProblem(told(error));
    }
  };
  return (
    <Modal label={t('Màn phòng họp')} className="brdialog" close={close}>
      <h2>{t('Màn phòng họp')}</h2>
      <p>
        {t('Trên máy nối với màn, mở địa chỉ')} <b className="code">{`${window.location.origin}/man-hinh`}</b>
        {t(', rồi gõ sáu số đang hiện vào đây. Thêm ?nen=toi cho phòng tối.')}
      </p>
      <form className="form brpair" noValidate onSubmit={(event) => void pair(event)}>
        <Labelled label={t('Mã trên màn')} required errors={refusalsOf(problem, 'code')}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              name="code"
              inputMode="numeric"
              autoComplete="off"
              maxLength={7}
              autoFocus
              value={code}
              onChange={(event) => {
                setProblem(null);
                setCode(event.target.value);
              }}
            />
          )}
        </Labelled>
        <Labelled label={t('Tên màn')} errors={refusalsOf(problem, 'name')}>
          {(ids) => <input {...ids} type="text" name="name" placeholder={t('Phòng họp số 1')} value={name} onChange={(event) => setName(event.target.value)} />}
        </Labelled>
        <button type="submit" className="btn primary">
          {t('Ghép màn')}
        </button>
      </form>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p role="status" className="quiet">
        {says}
      </p>
      {valid.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Màn')}</th>
              <th scope="col">{t('Hiện trạng')}</th>
              <th scope="col">
                <span className="vh">{t('Thao tác')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {valid.map((screen) => (
              <tr key={screen.id} data-screen={screen.id}>
                <th scope="row">{screen.name}</th>
                <td>
                  {screen.connected
                    ? t('đang nối')
                    : screen.lastSeenAt
                      ? t('không nối, thấy lần cuối {{at}}', { at: when(screen.lastSeenAt) })
                      : t('chưa nối')}
                </td>
                <td className="num">
                  <button type="button" className="btn" onClick={() => void revoke(screen)}>
                    {t('Thu hồi')}
                    <span className="vh"> {screen.name}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="quiet">{t('Chưa ghép màn nào.')}</p>
      )}
      <p className="acts">
        <button type="button" className="btn" onClick={close}>
          {t('Đóng')}
        </button>
      </p>
    </Modal>
  );
}
