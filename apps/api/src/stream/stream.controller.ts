import { Controller, Get, Inject, Logger, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { BRIEFING_CATEGORY } from '#briefing';
import { categoryOf } from '#event-log';
import { taskIdOf } from '#tasks';
import { actorOf } from '../http/actor.ts';
import { badParameter } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { screenOf } from '../screens/screen-guard.ts';
import { showItem, type Screens } from '../screens/screens.ts';
import { RUNTIME, SCREENS } from '../tokens.ts';
import { LiveStream } from './live-stream.ts';

class StreamDto {
  @ApiPropertyOptional({ description: 'Như Last-Event-ID, cho lần kết nối đầu: vị trí (position) của câu trả lời đang hiển thị' })
  @IsOptional()
  @IsString()
  lastEventId?: string;

  @ApiPropertyOptional({ description: 'Mã phiên giao ban: nhận thêm sự kiện show, điều màn phòng họp đang hiện' })
  @IsOptional()
  @IsString()
  briefing?: string;

  @ApiPropertyOptional({ description: 'Như X-Screen-Token, vì EventSource của trình duyệt không gửi được header' })
  @IsOptional()
  @IsString()
  screenToken?: string;
}

/** The stream of a runtime: `task` with the task's id and code, any other event named by its category with the id of what it is about. */
export function liveStreamOf(runtime: Runtime): LiveStream {
  const { log, projector, reference, briefings } = runtime;
  const logger = new Logger('stream');
  return new LiveStream({
    log,
    async reached() {
      const position = projector.lowest();
      await reference.catchUp();
      await briefings.catchUp();
      return position;
    },
    async tell({ stream }) {
      const event = categoryOf(stream);
      const id = stream.slice(event.length + 1);
      if (event === BRIEFING_CATEGORY) return { event, data: { briefingId: id } };
      if (event !== 'task') return { event, data: { id } };
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
  private readonly screens: Screens;
  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(LiveStream) stream: LiveStream, @Inject(SCREENS) screens: Screens) {
    this.runtime = runtime;
    this.stream = stream;
    this.screens = screens;
    screens.onShow(() => stream.briefings(), (show) => { stream.announce(show.briefingId, 'show', showItem(show)); });
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
    const screen = screenOf(response);
    const briefing = screen?.briefingId ?? query.briefing;
    await this.stream.attach(response, after, briefing);
    if (screen) this.screens.watch(screen.id, response);
    if (briefing === undefined) return;
    this.screens.look();
    const show = await this.screens.shows(briefing);
    if (show) this.stream.tell(response, 'show', showItem(show));
  }

  /** Before the server waits for its connections to end: these would never do so by themselves. */
  async onModuleDestroy(): Promise<void> {
    this.stream.stop();
    await this.screens.close();
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
