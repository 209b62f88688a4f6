import type { AsOf, EpochMs, Gap, GapLine, GapReader, Instrument, InstrumentReader, Interval, QualityReader } from '@candlecast/domain';
import { type Certificate, certify } from './certify.ts';
import type { CandlePage } from './page-candles.ts';
import { proveTradeIds, type TradeIdProof } from './prove-trade-ids.ts';

/** A certificate, and the proof by trade ids for whoever asks. */
export interface PageCertificate extends Certificate {
  readonly tradeIds: () => Promise<TradeIdProof>;
}

/** More lines than a page's span has. */
const MOST_GAPS = 100_000;

/** Certifies a page of candles by the gap ledger as it stands, or as it stood at the moment asked for, which then is `now`. */
export async function certifyPage(
  ports: {
    readonly gaps: GapReader;
    readonly quality: Pick<QualityReader, 'checkTradeIds'>;
    readonly instruments: Pick<InstrumentReader, 'findFreshnessAsOf'>;
  },
  of: {
    readonly instrument: Instrument;
    readonly interval: Interval;
    readonly page: CandlePage;
    readonly asOf: AsOf | undefined;
    readonly now: EpochMs;
  },
): Promise<PageCertificate> {
  const { instrument, interval, page, asOf, now } = of;
  const query = { instrumentId: instrument.id, range: page.span, isResolved: undefined, asOf, limit: MOST_GAPS, take: 'oldest' } as const;
  const recorded = (await ports.gaps.findGapLines(query)).map(toGap);
  const [past] = asOf ? await ports.instruments.findFreshnessAsOf([instrument.id], asOf) : [];
  const watermark = asOf ? (past?.watermark ?? null) : instrument.watermark;
  return {
    ...certify({ ...page, interval, recorded, watermark, now }),
    tradeIds: () => proveTradeIds(ports.quality, instrument.id, page.span, asOf),
  };
}

function toGap({ attempts, lastAttemptAt, ...line }: GapLine): Gap {
  return { ...line, attempts: attempts ?? 0, lastAttemptAt: lastAttemptAt ?? line.firstSeenAt };
}
