"""Stage `clip-text`: sentences and attributes are aligned contrastively, without any picture. A net of attributes stands in for the picture encoder."""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, tokens
from .clip import CLIP, D, TEXT_WIDTH
from .clip_losses import claim_table, matching, parallel, read_texts, said
from .people import fresh_batch, vocabulary_texts
from .sentences import Writer
from .training import Run, cosine, set_rate
from .visibility import Guess, plain_norm

PEOPLE, DOUBLES, WRONG, RATE = 72, 36, 24, 1.5e-3


class Stand(nn.Module):
    """Standardised attributes [N, A] -> unit f [N, D]."""

    def __init__(self):
        super().__init__()
        self.straight = nn.Linear(attributes.WIDTH, D)
        self.bent = nn.Sequential(nn.Linear(attributes.WIDTH, 512), nn.LeakyReLU(.2), nn.Linear(512, 384), nn.LeakyReLU(.2), nn.Linear(384, D))

    def forward(self, x):
        return F.normalize(self.straight(x) + self.bent(x), dim=1)


class Aids(nn.Module):
    """Read-outs that only training needs: claims from a text's features, attributes from f."""

    def __init__(self, claims):
        super().__init__()
        self.said, self.attributes = nn.Linear(TEXT_WIDTH, claims), nn.Linear(D, attributes.WIDTH)


def token_path(work):
    return os.path.join(work, 'clip', 'tokenizer.json')


def learn_tokenizer(work):
    os.makedirs(os.path.join(work, 'clip'), exist_ok=True)
    tokens.learn(vocabulary_texts(Guess(work), 40000), token_path(work))


def losses(f, clip, aids, token, batch, standard):
    """f: unit embeddings of batch.rows, by whichever encoder; the texts are read here."""
    n = len(batch.captions)
    g, features = read_texts(clip, token, [c.text for c in batch.captions] + batch.before + batch.after)
    old, new = g[n:n + len(batch.before)], g[n + len(batch.before):]
    scale = clip.logit_scale.exp()
    people = len(f) - DOUBLES
    match = matching(f, g[:n], batch.fit, scale)
    turn = parallel(new - old, f[people + batch.of] - f[batch.of]) if len(batch.of) else f.sum() * 0
    read = said(aids.said(features[:n]), claim_table(batch.captions, batch.index))
    kept = F.mse_loss(aids.attributes(f), standard)
    return match, turn, read, kept


def learn(work, minutes):
    if not os.path.exists(token_path(work)):
        learn_tokenizer(work)
    guess, norm, token = Guess(work), plain_norm(), tokens.Tokens(token_path(work))
    torch.manual_seed(0)
    clip, stand = CLIP(len(token.ids)), Stand()
    claims = len(fresh_batch(8, 4, 0, guess, Writer(0), np.random.default_rng(0)).index)
    aids = Aids(claims)
    texts = [p for n, p in clip.named_parameters() if not n.startswith('visual')]
    optimiser = torch.optim.AdamW([*texts, *stand.parameters(), *aids.parameters()], RATE, betas=(.9, .98), weight_decay=.02)
    run = Run(os.path.join(work, 'clip', 'text.pt'), dict(clip=clip, stand=stand, aids=aids, optimiser=optimiser), minutes)
    writer = Writer(run.step)
    sums = []
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 100 + .01) * cosine(done, .1, .02))
        batch = fresh_batch(PEOPLE, DOUBLES, WRONG, guess, writer, np.random.default_rng(run.step))
        standard = norm(batch.rows)
        parts = losses(stand(standard), clip, aids, token, batch, standard)
        match, turn, read, kept = parts
        loss = match + turn + 3 * read + .1 * kept
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*texts, *stand.parameters()], 1.)
        optimiser.step()
        with torch.no_grad():
            clip.logit_scale.clamp_(np.log(5), np.log(60))
        sums.append([float(p) for p in parts])
        if run.step % 50 == 49:
            m = np.mean(sums, 0)
            sums = []
            run.report(f'matching {m[0]:.3f}, edits 1 - cos {m[1]:.3f}, said {m[2]:.3f}, attributes kept {1 - m[3]:.3f}, scale {clip.logit_scale.exp():.1f}', len(batch.captions))
