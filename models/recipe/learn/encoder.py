"""Stage `encoder`: picture -> w+, for inversion. It learns on generated pictures, whose w is known, and on rendered ones through the frozen synthesis network."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from . import attributes, data
from .augment import photograph
from .convnet import ConvNet
from .describer import Painter, W
from .generator import LAYERS
from .people import fresh_people
from .pictures import decibels, picture_loss
from .sheets import save_sheet
from .training import Average, Run, cosine, set_rate

GENERATED, RENDERED, RATE = 12, 12, 1e-3


def middle(painter, count=20000):
    """Mean of w over people, and its mean deviation: what the net's answers are offsets from while it learns."""
    with torch.no_grad():
        w = painter.describe(attributes.fresh(count, np.random.default_rng(0)))
    return w.mean(0), w.std(0).mean()


def mixed(w, r):
    """w [N, W] -> w+ [N, 12, W]: a third keep one w, the others take their later layers from another sample."""
    plus = w[:, None].repeat(1, LAYERS, 1)
    other = w.roll(1, 0)
    for k in range(len(w)):
        if r.random() < .67:
            cut = r.integers(2, LAYERS - 1)
            plus[k, cut:] = other[k]
    return plus


def learn(work, minutes):
    folder = os.path.join(work, 'encoder')
    os.makedirs(folder, exist_ok=True)
    painter, known = Painter(work), data.training(work)
    center, scale = middle(painter)
    torch.manual_seed(0)
    net = ConvNet(LAYERS * W)
    torch.nn.init.normal_(net.output.weight, 0, .01)
    torch.nn.init.zeros_(net.output.bias)
    average = Average(net)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, betas=(.9, .99), weight_decay=.01)
    run = Run(os.path.join(folder, 'encoder.pt'), dict(net=net, average=average, optimiser=optimiser), minutes)
    tested, test = data.final_test(work), np.arange(64)
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 100 + .01) * cosine(done, .3, .02))
        r = np.random.default_rng(run.step)
        torch.manual_seed(run.step)
        with torch.no_grad():
            plus = mixed(painter.describe(fresh_people(GENERATED, r)), r)
            x = torch.cat([painter.synthesis(plus).clamp(-1, 1), known[r.integers(0, len(known), RENDERED)]])
        guess = net(photograph(x, .9)).view(-1, LAYERS, W)
        size = 64 if run.step % 3 else 128
        drawn = painter.synthesis(guess + center, size)
        offset = (guess[:GENERATED] - (plus - center)) / scale
        away = (guess - guess.mean(1, keepdim=True)).square().mean() / scale ** 2
        loss = picture_loss(drawn, F.avg_pool2d(x, 128 // size)) + .3 * F.smooth_l1_loss(offset, torch.zeros_like(offset)) + .02 * away
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.follow(net, run.step)
        if run.step % 50 == 49:
            with torch.no_grad():
                x = tested[test]
                y = painter.synthesis(average.net(x).view(-1, LAYERS, W) + center)
                run.report(f'loss {loss.item():.3f}; 64 test pictures: PSNR {decibels(y, x):.2f} dB', GENERATED + RENDERED)
                save_sheet(torch.stack([x[:16], y[:16]], 1).flatten(0, 1), 8, os.path.join(folder, 'test.png'))


def load(work):
    net = ConvNet(LAYERS * W)
    net.load_state_dict(torch.load(os.path.join(work, 'encoder', 'encoder.pt'))['average'])
    return net.eval().requires_grad_(False)


def evaluate(work):
    """Prints how well G(encoder(x)) meets the final test's pictures, rendered and generated, and writes sheets."""
    test, painter, net = data.final_test(work), Painter(work), load(work)
    center, _ = middle(painter)
    rows = attributes.turned_back(test.rows)
    for name, of in (('rendered', lambda k: test[k]), ('generated', lambda k: painter.paint(rows[k]).clamp(-1, 1))):
        found = []
        for k in np.arange(len(test) // 50 * 50).reshape(-1, 50)[:10]:
            with torch.no_grad():
                x = of(k)
                y = painter.synthesis(net(x).view(-1, LAYERS, W) + center)
            found.append(decibels(y, x))
        save_sheet(torch.stack([x[:24], y[:24]], 1).flatten(0, 1), 8, os.path.join(work, 'encoder', name + '.png'))
        print(f'{name} test pictures: PSNR {np.mean(found):.2f} dB')
