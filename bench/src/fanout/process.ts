import { type ChildProcess, fork } from 'node:child_process';

/** A process of the bench: takes one order at a time. */
export interface BenchProcess<Order, State> {
  order(order: Order): Promise<State>;
  /** Whether it has ended, on its own or not. */
  hasEnded(): boolean;
  end(): Promise<void>;
}

type Answer<State> = { readonly state: State } | { readonly failure: string };

/** Starts a built program. */
export function startProcess<Order extends object, State>(program: string): BenchProcess<Order, State> {
  const child: ChildProcess = fork(program, [], { execArgv: ['--enable-source-maps'] });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${program} has ended: ${code ?? signal}`)));
  });
  ended.catch(() => undefined); // whoever waits for an answer is told
  return {
    async order(order) {
      const answered = new Promise<Answer<State>>((resolve) => child.once('message', (answer) => resolve(answer as Answer<State>)));
      child.send(order);
      const answer = await Promise.race([answered, ended]);
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.state;
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    },
  };
}
