import { describe, expect, it } from 'vitest';
import { withinFrame } from './within-frame.ts';

describe('withinFrame', () => {
  it('adds up what is changed before the frame, and reads anew after it', () => {
    let [shown, asked] = [10, 10];
    const frames: (() => void)[] = [];
    const keep = (value: number) => {
      asked = value;
    };
    const change = withinFrame({ read: () => shown, write: keep }, (callback) => frames.push(callback));
    change((value) => value * 2);
    change((value) => value * 2);
    expect([shown, asked, frames.length]).toEqual([10, 40, 1]);

    shown = 30; // bounded by whoever shows it
    frames.pop()?.();
    change((value) => value + 1);
    expect([asked, frames.length]).toEqual([31, 1]);
  });
});
