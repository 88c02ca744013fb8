"""The recipe of the built-in pack, one command a stage: python3 recipe.py STAGE [--work FOLDER] [--minutes M]. README.md lists the stages."""
import argparse
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault('OMP_NUM_THREADS', '1')  # before torch is loaded: its threads' barriers spin, which ruins a machine that does anything else

STAGES = dict(
    generator=('pictures', 'learn', 90),
    sharpen=('sharpen', 'learn', 20),
    visibility=('visibility', 'learn', 1.5),
    clip_text=('clip_text', 'learn', 14),
    clip_pool=('clip_image', 'draw_pool', None),
    clip_image=('clip_image', 'learn', 25),
    clip_joint=('clip_joint', 'learn', 14),
    clip_eval=('clip_eval', 'run', None),
    mapping=('mapping', 'learn', 20),
    mapping_spread=('mapping', 'learn_spread', 3),
    mapping_eval=('mapping_eval', 'run', None),
    mapping_sheet=('mapping', 'sheet', None),
    judge_pool=('judge', 'draw_pool', None),
    judge=('judge', 'learn', 14),
    judge_eval=('judge', 'evaluate', None),
    encoder=('encoder', 'learn', 30),
    encoder_eval=('encoder', 'evaluate', None),
    export=('export', 'run', None),
    check=('check', 'run', None),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('stage', choices=STAGES)
    parser.add_argument('--work', default=os.path.join(HERE, 'work'))
    parser.add_argument('--minutes', type=float)
    args = parser.parse_args()
    module, function, minutes = STAGES[args.stage]
    call = getattr(importlib.import_module('learn.' + module), function)
    if minutes is None:
        call(args.work)
    else:
        call(args.work, minutes if args.minutes is None else args.minutes)


if __name__ == '__main__':
    sys.path.insert(0, HERE)
    main()
