"""Rendered pictures on disk, possibly still growing, and their attributes."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from . import attributes

SIZE, SMALL = 256, 128  # what the generator draws, and what CLIP, encoder and judge look at
CHECKED, FIRST, LAST = 64, 64, 32000  # generator, CLIP, encoder: seeds 0 ... 63 are only looked at, 64 ... 31999 are trained on
JUDGE, JUDGE_CHECKED, JUDGE_TEST = 1_000_000, 1_012_000, 1_013_000  # 12,000 seeds for the judge's training, 1,000 to watch it, 1,000 that nothing is trained on
JUDGE_END = 1_014_000


class Pictures:
    """The pictures of the seeds first ... first + count - 1 from the renderer's file that starts at seed `start`."""

    def __init__(self, prefix, start, first, last):
        self.prefix, self.start, self.first = prefix, start, first
        there = min(os.path.getsize(prefix + '.rgb') // (3 * SIZE * SIZE), os.path.getsize(prefix + '.z') // (4 * attributes.Z)) + start
        self.last = last if there >= last else min(last, there - 50)  # the end of a growing file is not flushed
        self.rows = attributes.rows_from_seeds(first, self.last - first)
        self.pixels = np.memmap(prefix + '.rgb', np.uint8, 'r', shape=(self.last - start, SIZE, SIZE, 3))

    def __len__(self):
        return len(self.rows)

    def visible(self):
        return attributes.visible(self.prefix + '.jsonl', self.last - self.start)[self.first - self.start:]

    def __getitem__(self, k):
        """Pictures by index (an array), [N, 3, SIZE, SIZE] in [-1, 1]."""
        return torch.from_numpy(self.pixels[np.asarray(k) + (self.first - self.start)]).permute(0, 3, 1, 2).float() / 127.5 - 1

    def small(self, k):
        """The same at SMALL x SMALL."""
        return small(self[k])


def small(pictures):
    return F.avg_pool2d(pictures, pictures.shape[-1] // SMALL)


def training(work):
    return Pictures(os.path.join(work, 'pics', '000000'), 0, FIRST, LAST)


def watched(work):
    return Pictures(os.path.join(work, 'pics', '000000'), 0, 0, CHECKED)


def final_test(work):
    return Pictures(os.path.join(work, 'test', '1013000'), JUDGE_TEST, JUDGE_TEST, JUDGE_END)


def judge_checked(work):
    return Pictures(os.path.join(work, 'watch', '1012000'), JUDGE_CHECKED, JUDGE_CHECKED, JUDGE_CHECKED + 400)


def judging(work, first, last):
    return Pictures(os.path.join(work, 'judge', '1000000'), JUDGE, first, last)
