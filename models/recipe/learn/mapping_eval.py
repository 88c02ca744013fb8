"""Stage `mapping_eval`: how near mapping(z) comes to the true w of people that nothing is trained on, and how much it varies."""
import torch
from . import attributes, data, mapping
from .describer import Painter


def run(work):
    painter, rows = Painter(work), attributes.rows_from_seeds(data.JUDGE_TEST, 1000)
    z, w = torch.from_numpy(attributes.z_from_seeds(data.JUDGE_TEST, 1000)), painter.describe(rows)
    matter = mapping.effect(painter, attributes.rows_from_seeds(data.FIRST, 600))
    for name in ('mapping.pt', 'spread.pt'):
        made = mapping.loaded(work, name)(z)
        plain = 1 - ((made - w) / w.std(0)).square().mean()
        seen = 1 - ((made - w) @ matter.t()).square().sum() / ((w - w.mean(0)) @ matter.t()).square().sum()
        print(f'{name}: explained variance of w {plain:.3f}, weighted by the effect on pictures {seen:.3f}; standard deviation of w by that of the true w {(made.std(0) / w.std(0)).mean():.3f}, in directions that are seen {((made @ matter.t()).std(0) / (w @ matter.t()).std(0)).mean():.3f}')
