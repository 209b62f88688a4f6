import { spawnSync } from 'node:child_process';

/** The same step in PyTorch: LSTM, quantile head, pinball loss, clipped gradients, AdamW. Prints the median in milliseconds. */
const PROGRAM = `
import sys, time
try:
    import torch
except ImportError:
    sys.exit(3)
batch, steps, inputs, units, horizons = map(int, sys.argv[1:6])
torch.set_num_threads(1)
torch.manual_seed(1)
levels = torch.tensor([.025, .05, .1, .25, .5, .75, .9, .95, .975])
gaps = torch.distributions.Normal(0., 1.).icdf(levels).diff()
lstm, head = torch.nn.LSTM(inputs, units, batch_first=True), torch.nn.Linear(units, horizons * 10)
parameters = [*lstm.parameters(), *head.parameters()]
optimizer = torch.optim.AdamW(parameters, lr=2e-4, weight_decay=1e-2)
x, y = torch.randn(batch, steps, inputs), torch.randn(batch, horizons, 1)
def step():
    out = head(lstm(x)[1][0][0])
    median, scale = out[:, :horizons, None], out[:, horizons:2 * horizons, None]
    grown = gaps * torch.exp(torch.clamp(out[:, 2 * horizons:].reshape(batch, horizons, 8) + scale, -3, 3))
    below = -grown[..., :4].flip(-1).cumsum(-1).flip(-1)
    quantiles = torch.cat([median + below, median, median + grown[..., 4:].cumsum(-1)], -1)
    error = y - quantiles
    loss = torch.maximum(levels * error, (levels - 1) * error).mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.)
    optimizer.step()
for _ in range(5): step()
taken = []
for _ in range(60):
    started = time.perf_counter()
    step()
    taken.append(time.perf_counter() - started)
print(sorted(taken)[30] * 1000)
`;
const NOT_INSTALLED = 3;
const LONGEST_MS = 120_000;

/** Takes steps in PyTorch on one thread, where `python3` has it; else returns why not. */
export function timeTorchSteps(
  recipe: { readonly batch: number; readonly units: number },
  shape: { readonly steps: number; readonly inputs: number; readonly horizons: number },
): { readonly medianMs: number } | string {
  const sizes = [recipe.batch, shape.steps, shape.inputs, recipe.units, shape.horizons];
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', PROGRAM, ...sizes.map(String)], {
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  if (error || status === NOT_INSTALLED) return 'not installed';
  const medianMs = Number.parseFloat(stdout);
  return Number.isFinite(medianMs) ? { medianMs } : `does not run: ${stderr.trim().split('\n').at(-1)}`;
}
