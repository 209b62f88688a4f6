// Loaded before an app's own code: a wall clock that can be stepped from outside (timers run on the monotonic clock, as after an NTP
// step), and an end with the harness, however that ends.
const RealDate = globalThis.Date;
let offsetMs = Number.parseInt(process.env.FAULTS_CLOCK_OFFSET_MS ?? '0', 10);
delete process.env.FAULTS_CLOCK_OFFSET_MS;

class SteppedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offsetMs;
  }
}

globalThis.Date = SteppedDate;
process.on('message', (message) => {
  if (typeof message.clockOffsetMs !== 'number') return;
  offsetMs = message.clockOffsetMs;
  process.send?.({ clockOffsetMs: offsetMs });
});
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
