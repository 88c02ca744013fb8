"""One structure in every protocol of pickle, as Python writes it: python3 make_pickles.py > pickles.json"""
import base64
import collections
import json
import pickle

import numpy as np

plain = {
    'numbers': [0, 1, -2, 255, 70000, -3000000000, 10 ** 30, 3.5, -0.25, True, False, None],
    'texts': ['', 'plain', 'ünï → 日本 \\n \n "quoted\'', 'x' * 300],
    'bytes': b'\x00\x01\xfe\xff',
    'tuples': [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, (4,))],
    'set': {7},
    'ordered': collections.OrderedDict([('b', 1), ('a', 2)]),
}
plain['shared'] = plain['texts']
arrays = {
    'rows': np.arange(6, dtype='<f4').reshape(2, 3),
    'columns': np.asfortranarray(np.arange(6, dtype='<f8').reshape(2, 3)),
    'big': np.array([1, -2, 300], dtype='>i2'),
    'scalar': np.float32(0.5),
    'flags': np.array([True, False]),
}
print(json.dumps({str(p): base64.b64encode(pickle.dumps({'plain': plain, 'arrays': arrays}, p)).decode() for p in range(6)}))
