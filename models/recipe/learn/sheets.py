"""Contact sheets to look at."""
from PIL import Image


def save_sheet(pictures, columns, path):
    """pictures [N, 3, R, R] in [-1, 1], `columns` in a row."""
    n, _, r, _ = pictures.shape
    rows = n // columns
    a = ((pictures[:rows * columns].float().clamp(-1, 1) + 1) * 127.5).byte().numpy()
    Image.fromarray(a.reshape(rows, columns, 3, r, r).transpose(0, 3, 1, 4, 2).reshape(rows * r, columns * r, 3)).save(path)


def bytes_of(pictures):
    """Pictures as the renderer writes them: bytes, red green blue, row by row."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy().tobytes()
