import { Controller, Get, Inject, Logger, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { categoryOf } from '#event-log';
import { taskIdOf } from '#tasks';
import { actorOf } from '../http/actor.ts';
import { badParameter } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { LiveStream } from './live-stream.ts';

class StreamDto {
  @ApiPropertyOptional({ description: 'Như Last-Event-ID, cho lần kết nối đầu: vị trí (position) của câu trả lời đang hiển thị' })
  @IsOptional()
  @IsString()
  lastEventId?: string;
}

/** The stream of a runtime: `task` with the task's id and code, any other event named by its category with the id of what it is about. */
export function liveStreamOf(runtime: Runtime): LiveStream {
  const { log, projector, reference } = runtime;
  const logger = new Logger('stream');
  return new LiveStream({
    log,
    async reached() {
      const position = projector.lowest();
      await reference.catchUp();
      return position;
    },
    async tell({ stream }) {
      const event = categoryOf(stream);
      if (event !== 'task') return { event, data: { id: stream.slice(event.length + 1) } };
      const taskId = taskIdOf(stream);
      return { event, data: { taskId, code: (await runtime.board.byId(taskId))?.code } };
    },
    onBroken: (error) => {
      logger.error(`the log cannot be read any further: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
}

@ApiTags('stream')
@Controller()
export class StreamController implements OnModuleDestroy {
  private readonly runtime: Runtime;
  private readonly stream: LiveStream;
  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(LiveStream) stream: LiveStream) {
    this.runtime = runtime;
    this.stream = stream;
  }

  @Get('stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Vị trí sự kiện cuối đã nhận; trình duyệt tự gửi khi kết nối lại. Đi trước lastEventId',
  })
  @ApiOkResponse({
    description:
      'Luồng sự kiện: id = vị trí; event = task, unit, calendar, settings, secretcount, plan, indicator hoặc resync (hãy tải lại); data = JSON. Cứ 15 giây có một dòng chú thích',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'id: 1234\nevent: task\ndata: {"position":"1234","type":"TaskAssigned","taskId":"019…","code":"NV-2026-0231"}\n\n',
      },
    },
  })
  async open(@Query() query: StreamDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    actorOf(request, this.runtime);
    const after = lastEventId(request.get('last-event-id'), query.lastEventId);
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await this.stream.attach(response, after);
  }

  /** Before the server waits for its connections to end: these would never do so by themselves. */
  onModuleDestroy(): void {
    this.stream.stop();
  }
}

/** The header goes first: a browser that connects again sends it beside the address it was given at first. */
function lastEventId(header: string | undefined, parameter: string | undefined): bigint | undefined {
  const given = header ?? parameter;
  if (given === undefined) return undefined;
  if (!/^\d{1,18}$/.test(given))
    throw badParameter(header === undefined ? 'lastEventId' : 'Last-Event-ID', given.slice(0, 80), 'một vị trí (dãy chữ số)');
  return BigInt(given);
}
