"""Stage `judge`: a net that reads the attributes off a picture. It sees only seeds that no other net is trained on, and only evaluates."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from . import attributes, data, files
from .augment import photograph
from .convnet import ConvNet
from .describer import Painter
from .sheets import bytes_of
from .training import Average, Run, cosine, set_rate

BATCH, RATE = 48, 1.5e-3
NUMBERS = [n for n in attributes.NUMBERS if not n.startswith('shape.')]
OPTIONS = attributes.NAMES[len(attributes.NUMBERS):]
COLUMNS = np.array([attributes.INDEX[n] for n in NUMBERS + OPTIONS])
# A choice that shows only where another attribute lets it: the others' pictures do not count.
SHOWS = dict(hair_colour=lambda c: c['hair_style'] != 'bald', glasses_colour=lambda c: c['glasses'] != 'none', hat_colour=lambda c: c['hat'] != 'none', lipstick_colour=lambda c: c['lipstick'] > .35,
             eyeshadow_colour=lambda c: c['eyeshadow'] > .35, clothes_colour2=lambda c: c['clothes_pattern'] != 'plain', background_colour2=lambda c: ~np.isin(c['background'], ['plain', 'studio']),
             eye_colour=lambda c: (c['glasses'] != 'sunglasses') & (c['eyes_closed'] < .5))


class Target:
    """Rows of attributes as what the judge is to answer: standardised numbers, the chosen option of each choice, and where that counts."""

    def __init__(self, rows):
        numbers = rows[:, COLUMNS[:len(NUMBERS)]]
        self.mean, self.deviation = numbers.mean(0), np.maximum(numbers.std(0), .02)

    def __call__(self, rows):
        known = attributes.columns(rows)
        numbers = torch.from_numpy((rows[:, COLUMNS[:len(NUMBERS)]] - self.mean) / self.deviation)
        chosen = {c: torch.from_numpy(rows[:, attributes.SPAN[c]].argmax(1)) for c in attributes.CHOICES}
        counts = {c: torch.from_numpy(np.asarray(SHOWS[c](known), np.float32) if c in SHOWS else np.ones(len(rows), np.float32)) for c in attributes.CHOICES}
        return numbers, chosen, counts


def split(y):
    """The net's outputs as numbers [N, numbers] and {choice: logits [N, options]}."""
    first = len(attributes.NUMBERS) - len(NUMBERS)
    return y[:, :len(NUMBERS)], {c: y[:, s.start - first:s.stop - first] for c, s in attributes.SPAN.items()}


def loss_of(y, target):
    numbers, logits = split(y)
    wanted, chosen, counts = target
    # Half the square of nearly every error: absolute errors are answered with medians, and the median of frowns, freckles and shut eyes is none.
    loss = 4 * F.smooth_l1_loss(numbers, wanted, beta=4)
    for c, v in logits.items():
        loss = loss + .06 * (F.cross_entropy(v, chosen[c], reduction='none') * counts[c]).mean()
    return loss


def score(net, pictures, rows, target):
    """{attribute: R^2 of a number, or share of right choices where the choice shows}."""
    with torch.no_grad():
        y = torch.cat([net(pictures(np.arange(k, min(k + 100, len(rows))))) for k in range(0, len(rows), 100)])
    numbers, logits = split(y)
    wanted, chosen, counts = target(rows)
    out = {n: 1 - ((numbers[:, k] - wanted[:, k]).square().mean() / wanted[:, k].var()).item() for k, n in enumerate(NUMBERS) if wanted[:, k].var() > 1e-6}
    out.update({c: ((v.argmax(1) == chosen[c]).float() * counts[c]).sum().item() / counts[c].sum().item() for c, v in logits.items()})
    return out


def generated_path(work):
    return os.path.join(work, 'judge', 'generated.rgb')


def draw_pool(work, count=2400):
    """Pictures of the judge's first seeds, and after them of those that watch it, by the generator as it is."""
    painter = Painter(work)
    rows = np.concatenate([attributes.rows_from_seeds(data.JUDGE, count), attributes.rows_from_seeds(data.JUDGE_CHECKED, 200)])
    with files.whole(generated_path(work)) as file:
        for k in range(0, len(rows), 100):
            file.write(bytes_of(painter.paint_small(rows[k:k + 100])))


def sources(work):
    """[(pictures, rows)] to train on and to watch: the renderer's, and the generator's for the same seeds once they are drawn."""
    known, watched = data.judging(work, data.JUDGE, data.JUDGE_CHECKED), data.judge_checked(work)
    train, check = [(known.small, known.rows)], [(watched.small, watched.rows)]
    if os.path.exists(generated_path(work)):
        pixels = np.memmap(generated_path(work), np.uint8, 'r').reshape(-1, data.SMALL, data.SMALL, 3)
        drawn = lambda first: lambda k: torch.from_numpy(pixels[k + first]).permute(0, 3, 1, 2).float() / 127.5 - 1
        count = len(pixels) - 200
        train.append((drawn(0), attributes.turned_back(attributes.rows_from_seeds(data.JUDGE, count))))
        check.append((drawn(count), attributes.turned_back(attributes.rows_from_seeds(data.JUDGE_CHECKED, 200))))
    return train, check


def learn(work, minutes):
    folder = os.path.join(work, 'judge')
    known, checked = sources(work)
    target = Target(attributes.rows_from_seeds(data.JUDGE, data.JUDGE_CHECKED - data.JUDGE))
    torch.manual_seed(0)
    net = ConvNet(len(COLUMNS))
    average = Average(net)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, betas=(.9, .99), weight_decay=.02)
    run = Run(os.path.join(folder, 'judge.pt'), dict(net=net, average=average, optimiser=optimiser), minutes)
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 100 + .01) * cosine(done, .1))
        draw = np.random.default_rng(run.step)
        torch.manual_seed(run.step)
        part = [(pictures(k), rows[k]) for pictures, rows in known for k in [draw.integers(0, len(rows), BATCH // len(known))]]
        x, rows = torch.cat([p for p, _ in part]), np.concatenate([r for _, r in part])
        loss = loss_of(net(photograph(x, .5)), target(rows))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.follow(net, run.step)
        if run.step % 100 == 99:
            found = [score(average.net, pictures, rows[:300], target) for pictures, rows in checked]
            run.report(f'loss {loss.item():.3f}; ' + '; '.join(f'smile {s["smile"]:.2f}, age {s["age"]:.2f}, yaw {s["yaw"]:.2f}, glasses {s["glasses"]:.3f}, hair {s["hair_style"]:.3f} {s["hair_colour"]:.3f}' for s in found), BATCH)


def evaluate(work):
    """Prints every attribute's score on the final test's rendered pictures and on generated ones of the same seeds."""
    test, painter, net = data.final_test(work), Painter(work), load(work)
    rows = attributes.turned_back(test.rows)
    target = Target(attributes.rows_from_seeds(data.JUDGE, data.JUDGE_CHECKED - data.JUDGE))
    rendered, generated = score(net, test.small, test.rows, target), score(net, lambda k: painter.paint_small(rows[k]), rows[:300], target)
    print('attribute: rendered, generated (R^2 of a number, share right of a choice)')
    for name, value in rendered.items():
        print(f'  {name:20s} {value:.2f}  {generated.get(name, float("nan")):.2f}')


def load(work):
    net = ConvNet(len(COLUMNS))
    net.load_state_dict(torch.load(os.path.join(work, 'judge', 'judge.pt'))['average'])
    return net.eval()


def description(target):
    """judge.json: what each output of the net is."""
    numbers = [dict(name=n, kind='number', mean=round(float(m), 6), deviation=round(float(d), 6)) for n, m, d in zip(NUMBERS, target.mean, target.deviation)]
    options = [dict(name=c, kind='option', option=o) for c in attributes.CHOICES for o in attributes.CHOICES[c]]
    return dict(outputs=numbers + options)


def export(work, folder):
    target = Target(attributes.rows_from_seeds(data.JUDGE, data.JUDGE_CHECKED - data.JUDGE))
    files.write_safetensors(os.path.join(folder, 'judge.safetensors'), load(work).state_dict(), 'judge: picture -> attributes')
    files.write_json(os.path.join(folder, 'judge.json'), description(target))
