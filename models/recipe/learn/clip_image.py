"""Stages `clip-image` and `clip-joint`: the picture encoder first learns the attributes' embedding by regression, then both encoders are tuned on pictures and sentences."""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, data, files
from .augment import photograph
from .claims import World
from .clip import CLIP, LAYERS, WIDTH
from .clip_losses import parallel, shown
from .clip_text import Stand, token_path
from .describer import Painter
from .edits import edited
from .people import fresh_people
from .sheets import bytes_of
from .tokens import Tokens
from .training import Run, cosine, set_rate
from .visibility import Guess, plain_norm

RATE, RENDERED, PAIRS = 1.5e-3, 16, 12  # a batch: rendered pictures, and generated ones with their edited doubles
POOL = 2000


class Pool:
    """Generated people and their edited doubles on disk: pictures 2k and 2k + 1 differ in one attribute. Written once for each state of the generator."""

    def __init__(self, work):
        self.folder = os.path.join(work, 'pool')
        self.rows = np.load(os.path.join(self.folder, 'rows.npy'))
        self.names = files.read_json(os.path.join(self.folder, 'names.json'))
        self.pixels = np.memmap(os.path.join(self.folder, 'pictures.rgb'), np.uint8, 'r').reshape(-1, data.SMALL, data.SMALL, 3)

    def __getitem__(self, k):
        return torch.from_numpy(self.pixels[k]).permute(0, 3, 1, 2).float() / 127.5 - 1


def draw_pool(work, count=POOL):
    """Draws `count` people and as many doubles with the generator as it is."""
    folder, painter, r = os.path.join(work, 'pool'), Painter(work), np.random.default_rng(7)
    os.makedirs(folder, exist_ok=True)
    rows, names = [], []
    with files.whole(os.path.join(folder, 'pictures.rgb')) as file:
        for _ in range(count // 50):
            people = fresh_people(50, r)
            doubles, edits = edited(people, r)
            both = np.stack([people, doubles], 1).reshape(100, -1)
            file.write(bytes_of(painter.paint_small(both)))
            rows.append(both)
            names += edits
    with files.whole(os.path.join(folder, 'rows.npy')) as file:
        np.save(file, np.concatenate(rows))
    files.write_json(os.path.join(folder, 'names.json'), names)


class Aid(nn.Module):
    """Claims and attributes read off the picture's features: dense help, not exported."""

    def __init__(self, claims):
        super().__init__()
        self.claims, self.attributes = nn.Linear(WIDTH * 32, claims), nn.Linear(WIDTH * 32, attributes.WIDTH)


def load_text(work):
    saved = torch.load(os.path.join(work, 'clip', 'text.pt'))
    clip, stand = CLIP(len(Tokens(token_path(work)).ids)), Stand()
    texts = {k: v for k, v in saved['clip'].items() if not k.startswith('visual')}
    clip.load_state_dict(dict(clip.state_dict(), **texts)), stand.load_state_dict(saved['stand'])
    return clip, stand.requires_grad_(False)


class Seen:
    """Rendered and generated pictures with their attributes and the truth of all claims."""

    def __init__(self, work):
        self.known, self.norm = data.training(work), plain_norm()
        self.visible = self.known.visible()
        world = World(attributes.columns(self.known.rows), self.visible)
        self.truth, self.index = torch.from_numpy(world.truth), world.index
        self.pool = None
        if os.path.exists(os.path.join(work, 'pool', 'names.json')):
            self.pool = Pool(work)
            self.pool_visible = Guess(work)(self.pool.rows)
            self.pool_truth = torch.from_numpy(World(attributes.columns(self.pool.rows), self.pool_visible).truth)

    def draw(self, r, rendered, pairs):
        """Which rendered pictures, and which generated ones: people first, then their doubles."""
        p = r.integers(0, len(self.pool.rows) // 2, pairs)
        return r.integers(0, len(self.known), rendered), np.concatenate([2 * p, 2 * p + 1])

    def batch(self, r):
        """Pictures, rows and truth of a batch; its last 2 * PAIRS are people and their doubles, unless nothing is generated yet."""
        if self.pool is None:
            k = r.integers(0, len(self.known), RENDERED + 2 * PAIRS)
            return self.known.small(k), self.known.rows[k], self.truth[k].float()
        k, p = self.draw(r, RENDERED, PAIRS)
        return torch.cat([self.known.small(k), self.pool[p]]), np.concatenate([self.known.rows[k], self.pool.rows[p]]), torch.cat([self.truth[k], self.pool_truth[p]]).float()


def learn(work, minutes):
    seen = Seen(work)
    torch.manual_seed(0)
    clip, stand = load_text(work)
    aid = Aid(len(seen.index))
    trained = [*clip.visual.parameters(), *aid.parameters()]
    optimiser = torch.optim.AdamW(trained, RATE, betas=(.9, .98), weight_decay=.02)
    run = Run(os.path.join(work, 'clip', 'image.pt'), dict(clip=clip, aid=aid, optimiser=optimiser), minutes)
    sums = []
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 100 + .01) * cosine(done, .2, .01))
        r = np.random.default_rng(run.step)
        torch.manual_seed(run.step)
        pictures, rows, truth = seen.batch(r)
        standard = seen.norm(rows)
        f, features = clip.picture(photograph(pictures, .6), features=True)
        with torch.no_grad():
            wanted = stand(standard)
        near = (1 - (f * wanted).sum(1)).mean()
        a, b = slice(RENDERED, RENDERED + PAIRS), slice(RENDERED + PAIRS, None)
        turn = parallel(f[b] - f[a], wanted[b] - wanted[a])  # without a pool: of any two people
        claims = shown(aid.claims(features), truth)
        numbers = F.smooth_l1_loss(aid.attributes(features), standard)
        loss = 4 * near + .5 * turn + 2 * claims + .5 * numbers
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 5.)
        optimiser.step()
        sums.append([near.item(), turn.item(), claims.item(), numbers.item()])
        if run.step % 50 == 49:
            m = np.mean(sums, 0)
            sums = []
            run.report(f'1 - cos {m[0]:.3f}, edits 1 - cos {m[1]:.3f}, claims {m[2]:.3f}, attributes {m[3]:.3f}', len(f))
