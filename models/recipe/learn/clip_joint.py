"""Stage `clip-joint`: both encoders together on pictures, sentences, spoilt sentences and edited doubles."""
import os
import numpy as np
import torch
from .augment import photograph
from .clip import CLIP
from .clip_image import Seen, load_text
from .clip_text import Aids, token_path
from .clip_losses import claim_table, matching, parallel, read_texts, said
from .people import told
from .sentences import Writer
from .tokens import Tokens
from .training import Run, cosine, set_rate

RATE, RENDERED, PAIRS, WRONG = 6e-4, 24, 20, 24


def learn(work, minutes):
    seen, token = Seen(work), Tokens(token_path(work))
    clip, stand = load_text(work)
    saved = torch.load(os.path.join(work, 'clip', 'image.pt'))
    visual = {k: v for k, v in saved['clip'].items() if k.startswith('visual')}
    clip.load_state_dict(dict(clip.state_dict(), **visual))
    aids = Aids(len(seen.index))
    aids.load_state_dict(torch.load(os.path.join(work, 'clip', 'text.pt'))['aids'])
    texts = [p for n, p in clip.named_parameters() if not n.startswith('visual')]
    optimiser = torch.optim.AdamW([dict(params=clip.visual.parameters(), share=1.), dict(params=[*texts, *aids.said.parameters()], share=.5)], RATE, betas=(.9, .98), weight_decay=.02)
    run = Run(os.path.join(work, 'clip', 'joint.pt'), dict(clip=clip, aids=aids, optimiser=optimiser), minutes)
    writer, sums = Writer(1000 + run.step), []
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 50 + .02) * cosine(done, .1, .01))
        r = np.random.default_rng(run.step + 1_000_000)
        torch.manual_seed(run.step)
        k, p = seen.draw(r, RENDERED, PAIRS)
        people, doubles = p[:PAIRS], p[PAIRS:]
        # people with doubles come first and the doubles last, as told() wants it
        rows = np.concatenate([seen.pool.rows[people], seen.known.rows[k], seen.pool.rows[doubles]])
        visible = np.concatenate([seen.pool_visible[people], seen.visible[k], seen.pool_visible[doubles]])
        batch = told(rows, visible, PAIRS, [seen.pool.names[i // 2] for i in people], WRONG, writer)
        f = clip.picture(photograph(torch.cat([seen.pool[people], seen.known.small(k), seen.pool[doubles]]), .6))
        n = len(batch.captions)
        g, features = read_texts(clip, token, [c.text for c in batch.captions] + batch.before + batch.after)
        old, new = g[n:n + len(batch.before)], g[n + len(batch.before):]
        last = PAIRS + RENDERED
        match = matching(f, g[:n], batch.fit, clip.logit_scale.exp())
        turn = parallel(new - old, f[last + batch.of] - f[batch.of]) if len(batch.of) else f.sum() * 0
        read = said(aids.said(features[:n]), claim_table(batch.captions, batch.index))
        with torch.no_grad():
            wanted = stand(seen.norm(rows))
        near = (1 - (f * wanted).sum(1)).mean()
        loss = match + turn + read + 1.5 * near
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*clip.parameters()], 2.)
        optimiser.step()
        with torch.no_grad():
            clip.logit_scale.clamp_(np.log(5), np.log(60))
        sums.append([match.item(), turn.item(), read.item(), near.item()])
        if run.step % 50 == 49:
            m = np.mean(sums, 0)
            sums = []
            run.report(f'matching {m[0]:.3f}, edits 1 - cos {m[1]:.3f}, said {m[2]:.3f}, from attributes 1 - cos {m[3]:.3f}, scale {clip.logit_scale.exp():.1f}', len(f))


def load(work):
    """The best there is: tuned jointly, or as far as the stages have come."""
    for name in ('joint.pt', 'image.pt', 'text.pt'):
        path = os.path.join(work, 'clip', name)
        if os.path.exists(path):
            saved = torch.load(path)['clip']
            clip = CLIP(saved['token_embedding.weight'].shape[0])
            clip.load_state_dict(saved)
            return clip.eval().requires_grad_(False)
    raise FileNotFoundError('no CLIP is trained yet: run the stage clip_text')
