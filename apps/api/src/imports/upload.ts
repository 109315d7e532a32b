import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { XLSX_LIMITS } from '#imports/xlsx/read-xlsx';
import { cleanText, type Problem } from '#kernel';
import { actorOf, requireRole } from '../http/actor.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { fileProblem, type Imports } from './imports.ts';

const FORM_BYTES = 16 * 1024;

/** An upload on disk, of which nothing is known yet. */
export interface Landed {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}
type WithImports = Request & { imports?: Imports };

/** Straight to disk: a form is never kept in memory. */
export const TO_DISK = {
  defParamCharset: 'utf8',
  limits: { files: 1, fields: 0, parts: 1, fileSize: XLSX_LIMITS.fileBytes },
  storage: {
    _handleFile(request: WithImports, { stream, originalname }: { readonly stream: Readable; readonly originalname: string }, done: (error: unknown, landed?: Landed) => void): void {
      const name = cleanText(originalname.replace(/^.*[\\/]/, '')).slice(0, 200) || 'danh-sach';
      void (async () => {
        const path = await request.imports!.uploadPlace(name);
        try {
          await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
          return { path, name, size: (await stat(path)).size };
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      })().then((landed) => { done(null, landed); }, (error: unknown) => { done(error); });
    },
    _removeFile(_request: Request, landed: Landed, done: (error: null) => void): void {
      rm(landed.path, { force: true }).then(() => { done(null); }, () => { done(null); });
    },
  },
};

/** What is said of a file past the limit. */
export const tooLarge = (): Problem => fileProblem({ ok: false, code: 'file-too-large', detail: `Tệp quá ${String(XLSX_LIMITS.fileBytes / 1024 / 1024)} MiB; đề nghị tách tệp.` });

/** Asks for the role before a byte of the file is read. */
export function mayImport(roles: readonly string[], what: string): Type<CanActivate> {
  @Injectable()
  class MayImport implements CanActivate {
    private readonly runtime: Runtime;
    constructor(@Inject(RUNTIME) runtime: Runtime) {
      this.runtime = runtime;
    }

    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<WithImports>();
      requireRole(actorOf(request, this.runtime), roles, what);
      if (request.method === 'POST' && Number(request.headers['content-length'] ?? 0) > XLSX_LIMITS.fileBytes + FORM_BYTES) throw tooLarge();
      request.imports = this.runtime.imports;
      return true;
    }
  }
  return MayImport;
}
