"""Independent cascades by CyNetDiff, and whether ours are like them."""

import math
from collections.abc import Iterable

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats


def theirs(graph: nx.Graph, opens: float, starters: Iterable[int]) -> NDArray[np.int64]:
    """Sizes of CyNetDiff's cascades, one from each starter."""
    utils = pytest.importorskip("cynetdiff.utils", reason="CyNetDiff has no wheels for this platform")
    model, label = utils.networkx_to_ic_model(graph, activation_prob=opens, rng=2)
    sizes = []
    for starter in starters:
        model.set_seeds([label[int(starter)]])
        model.advance_until_completion()
        sizes.append(model.get_num_activated_nodes())
    return np.array(sizes)


def agree(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> None:
    """Means within four standard errors, distributions by Kolmogorov-Smirnov, shares that go nowhere."""
    error = math.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / ours.size)
    assert abs(ours.mean() - theirs.mean()) < 4 * error
    assert stats.ks_2samp(ours, theirs, method="asymp").pvalue > 1e-3
    assert abs((ours == 1).mean() - (theirs == 1).mean()) < 4 * math.sqrt(0.5 / ours.size)
