"""What CLIP's trainings minimise."""
import numpy as np
import torch
import torch.nn.functional as F


def contrast(logits, fit):
    """Rows choose among columns. fit is 1 (right), -1 (wrong) or 0 (left out); every right column should get an equal share, and then the loss is 0."""
    logits = logits.masked_fill(fit == 0, -1e4)
    right = (fit == 1).float()
    count = right.sum(1)
    loss = -(F.log_softmax(logits, 1) * right).sum(1) / count.clamp(min=1) - torch.log(count.clamp(min=1))
    rows = (count > 0) & ((fit == -1).sum(1) > 0)
    return loss[rows].mean()


def matching(f, g, fit, scale):
    """Symmetric contrast of pictures f [N, D] and captions g [M, D] by fit [M, N]; the first N captions are the pictures' own, and those also against all that do not fit."""
    logits = f @ g.t() * scale
    n = len(f)
    own = torch.arange(n)
    direct = F.cross_entropy(logits.masked_fill((fit.t() >= 0) & (torch.arange(len(g)) != own[:, None]), -1e4), own)
    return contrast(logits, fit.t()) + contrast(logits.t(), fit) + .5 * direct


def parallel(a, b):
    """1 - cosine of differences, mean over those that are not nearly nothing."""
    kept = (a.detach().norm(dim=1) > 1e-3) & (b.detach().norm(dim=1) > 1e-3)
    return (1 - F.cosine_similarity(a[kept], b[kept], dim=1)).mean() if kept.any() else a.sum() * 0


def claim_table(captions, index):
    """[captions, claims]: 1 where a caption says a claim, -1 where it denies it."""
    out = np.zeros((len(captions), len(index)), np.float32)
    for k, c in enumerate(captions):
        for x in c.claims:
            out[k, index[x.lstrip('!')]] = -1 if x[0] == '!' else 1
    return torch.from_numpy(out)


def said(y, table):
    """What a caption says, read off its features; the few things said weigh as much as the many that are not."""
    weight = torch.where(table != 0, 10., 1.)
    return (F.binary_cross_entropy_with_logits(y, (table > 0).float(), reduction='none') * weight).sum() / weight.sum()


def shown(y, truth):
    """What is true of a picture, read off its features; the undecided does not count."""
    return (F.softplus(-y * truth) * (truth != 0)).sum() / (truth != 0).sum()


def read_texts(clip, token, texts, groups=4):
    """clip.text of many texts, in groups of like length, since most are far shorter than the longest: f and features in the order of texts."""
    lengths = np.array([len(token(t)) for t in texts])
    order = np.argsort(lengths, kind='stable')
    parts = [clip.text(token.batch([texts[k] for k in group]), features=True) for group in np.array_split(order, groups) if len(group)]
    back = torch.from_numpy(np.argsort(order, kind='stable'))
    return torch.cat([f for f, _ in parts])[back], torch.cat([x for _, x in parts])[back]
