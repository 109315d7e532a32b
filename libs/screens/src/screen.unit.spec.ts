import { describe, expect, it } from '@jest/globals';
import { claimedScreen, CODE_MS, pairedScreen, revokedScreen, standing, systemSecrets, TOKEN_MS, waitingScreen, type Screen } from './index.ts';

const NOW = 1_606_091_400_000;
const waiting = waitingScreen('s1', '402913', 'claim', NOW);

describe('a room screen', () => {
  it('is paired by its code once, while the code is young', () => {
    expect(pairedScreen(waiting, '402914', 'b1', 'x', NOW)).toBeUndefined();
    expect(pairedScreen(waiting, '402913', 'b1', 'x', NOW + CODE_MS)).toBeUndefined();
    const paired = pairedScreen(waiting, '402913', 'b1', 'x', NOW + CODE_MS - 1)!;
    expect(paired).toMatchObject({ briefingId: 'b1', name: 'x', codeHash: null });
    expect(pairedScreen(paired, '402913', 'b2', 'y', NOW)).toBeUndefined();
  });
  it('gets its token once, against its claim', () => {
    expect(claimedScreen(waiting, 'other', 't', NOW)).toBe('unknown');
    expect(claimedScreen(waiting, 'claim', 't', NOW)).toBe('waiting');
    expect(claimedScreen(waiting, 'claim', 't', NOW + CODE_MS)).toBe('expired');
    const claimed = claimedScreen(pairedScreen(waiting, '402913', 'b1', 'x', NOW)!, 'claim', 't', NOW) as Screen;
    expect(claimedScreen(claimed, 'claim', 't2', NOW)).toBe('unknown');
    expect([standing(claimed, 't', NOW), standing(claimed, 'u', NOW), standing(claimed, 't', NOW + TOKEN_MS), standing(revokedScreen(claimed, NOW), 't', NOW)]).toEqual(['good', 'unknown', 'expired', 'revoked']);
  });
  it('has secrets that nobody guesses, and codes of six digits', () => {
    const codes = Array.from({ length: 200 }, () => systemSecrets.code());
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(190);
    expect(Buffer.from(systemSecrets.secret(), 'base64url')).toHaveLength(32);
  });
});
