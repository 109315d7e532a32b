import type { Day } from '#kernel';
import type { OutsideChannel } from '#people';
import type { MessageKind } from './events.ts';
import type { MailText } from './mail-page.ts';

/** A message on its way out, to one address. */
export interface Outgoing {
  /** The message's own id: the same at every try. */
  readonly id: string;
  readonly kind: MessageKind;
  readonly slot: Day;
  readonly recipientId: string;
  readonly to: string | null;
  readonly mail: MailText;
  /** Code and link of each task: all that a webhook carries. */
  readonly tasks: readonly { readonly code: string; readonly url: string; readonly step: string }[];
  /** Links to the draft letters that an escalation may end in. */
  readonly letters: readonly string[];
}

export type SendOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `unknown`: it may have been taken, and nobody said so. */
      readonly outcome: 'refused' | 'unknown';
      /** Worth another try. */
      readonly temporary: boolean;
      /** Stable, without anything of the message. */
      readonly code: string;
      /** Nothing goes out by this channel now: others need not be tried. */
      readonly down: boolean;
    };

/** A way out of the program. Every try of a message bears the same id, so that a receiver can tell a repeat. */
export interface Channel {
  readonly name: OutsideChannel;
  messageIdOf(id: string): string;
  /** Never throws for what happens on the way. */
  send(message: Outgoing): Promise<SendOutcome>;
  close(): Promise<void>;
}
