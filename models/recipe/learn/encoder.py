"""Stage `encoder`: picture -> w+, for inversion. The w of rendered and generated people is known from their attributes; some pictures are also compared through the frozen synthesis network."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from . import attributes, data, files
from .augment import photograph
from .clip_image import Pool
from .convnet import ConvNet
from .describer import Painter, W
from .generator import LAYERS
from .mapping import effect
from .pictures import decibels, picture_loss
from .sheets import save_sheet
from .training import Average, Run, cosine, set_rate

HIDDEN = 320  # of the dense layer: the pack has to stay small
GENERATED, RENDERED, COMPARED, RATE = 10, 22, 8, 1.5e-3  # a batch; so many of it are drawn and compared


def middle(painter, count=20000):
    """Mean of w over people, and its mean deviation: what the net's answers are offsets from while it learns."""
    with torch.no_grad():
        w = painter.describe(attributes.fresh(count, np.random.default_rng(0)))
    return w.mean(0), w.std(0).mean()


def taller(state):
    """The weights of an encoder for a smaller generator, whose answer for its last layer is repeated for the layers that it lacked."""
    for name in ('output.weight', 'output.bias'):
        last = state[name][-W:]
        state[name] = torch.cat([state[name]] + [last] * (LAYERS - len(state[name]) // W))
    return state


def thinner(state, pictures):
    """The weights of an encoder with only those HIDDEN units of its dense layer that matter most to its answers for `pictures`; the mean of what the others said goes into the bias."""
    net = ConvNet(len(state['output.bias']), len(state['hidden.bias']))
    net.load_state_dict(state)
    with torch.no_grad():
        seen = net.middle(pictures)
    order = (seen.std(0) * state['output.weight'].norm(dim=0)).argsort(descending=True)
    kept, dropped = order[:HIDDEN], order[HIDDEN:]
    bias = state['output.bias'] + state['output.weight'][:, dropped] @ seen[:, dropped].mean(0)
    return dict(state, **{'hidden.weight': state['hidden.weight'][kept], 'hidden.bias': state['hidden.bias'][kept], 'output.weight': state['output.weight'][:, kept], 'output.bias': bias})


def learn(work, minutes):
    """Where `encoder/start.safetensors` is there, the encoder of a smaller generator with the same describer, training starts from it."""
    folder = os.path.join(work, 'encoder')
    os.makedirs(folder, exist_ok=True)
    painter, known = Painter(work), data.training(work)
    center, scale = middle(painter)
    matter, pool = effect(painter, attributes.rows_from_seeds(data.FIRST, 600)), Pool(work)
    used = attributes.ahead(known.rows).nonzero()[0]
    torch.manual_seed(0)
    net = ConvNet(LAYERS * W, HIDDEN)
    torch.nn.init.normal_(net.output.weight, 0, .01)
    torch.nn.init.zeros_(net.output.bias)
    smaller = os.path.join(folder, 'start.safetensors')
    if os.path.exists(smaller):
        net.load_state_dict(taller(thinner(files.read_safetensors(smaller), known.small(np.arange(200)))))
    average = Average(net)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, betas=(.9, .99), weight_decay=.01)
    run = Run(os.path.join(folder, 'encoder.pt'), dict(net=net, average=average, optimiser=optimiser), minutes)
    tested, test = data.final_test(work), np.arange(64)
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 100 + .01) * cosine(done, .3, .02))
        r = np.random.default_rng(run.step)
        torch.manual_seed(run.step)
        p, k = r.integers(0, len(pool.rows), GENERATED), r.choice(used, RENDERED)
        w = painter.describe(np.concatenate([pool.rows[p], known.rows[k]]))
        x = torch.cat([pool[p], known.small(k)])
        guess = net(photograph(x, .5)).view(-1, LAYERS, W)
        offset = guess - (w - center)[:, None]
        compared = torch.randperm(len(x))[:COMPARED]
        size = 64 if run.step % 4 else 128
        drawn = painter.synthesis(guess[compared] + center, size)
        away = (guess - guess.mean(1, keepdim=True)).square().mean() / scale ** 2
        loss = picture_loss(drawn, F.avg_pool2d(x[compared], data.SMALL // size)) + .5 * (offset @ matter.t()).square().mean() + .1 * (offset / scale).square().mean() + .02 * away
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.follow(net, run.step)
        if run.step % 50 == 49:
            with torch.no_grad():
                x = tested.small(test)
                y = painter.synthesis(average.net(x).view(-1, LAYERS, W) + center, data.SMALL)
                run.report(f'loss {loss.item():.3f}; 64 test pictures: PSNR {decibels(y, x):.2f} dB', GENERATED + RENDERED)
                save_sheet(torch.stack([x[:16], y[:16]], 1).flatten(0, 1), 8, os.path.join(folder, 'test.png'))


def load(work):
    net = ConvNet(LAYERS * W, HIDDEN)
    net.load_state_dict(torch.load(os.path.join(work, 'encoder', 'encoder.pt'))['average'])
    return net.eval().requires_grad_(False)


def evaluate(work):
    """Prints how well G(encoder(x)) meets the final test's pictures, rendered and generated, and writes sheets."""
    test, painter, net = data.final_test(work), Painter(work), load(work)
    center, _ = middle(painter)
    rows = attributes.turned_back(test.rows)
    for name, of in (('rendered', lambda k: test[k]), ('generated', lambda k: painter.paint(rows[k]).clamp(-1, 1))):
        found = []
        for k in np.arange(len(test) // 50 * 50).reshape(-1, 50)[:4]:
            with torch.no_grad():
                x = of(k)
                y = painter.synthesis(net(data.small(x)).view(-1, LAYERS, W) + center)
            found.append(decibels(y, x))
        save_sheet(torch.stack([x[:24], y[:24]], 1).flatten(0, 1), 8, os.path.join(work, 'encoder', name + '.png'))
        print(f'{name} test pictures: PSNR {np.mean(found):.2f} dB')
