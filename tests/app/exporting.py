"""Three made-up exports of three accounts, as the creator centres of two platforms write them."""

import numpy as np

from tests.reading.exports import DOUYIN, as_csv, as_xlsx

NAMES = ("旗舰店.xlsx", "门店探访.csv", "老板日常.xlsx")
KUAISHOU = ["作品", "发布时间", "播放量", "完播率", "评论量", "点赞量", "收藏量", "涨粉量"]
EACH = 14
"""Videos of each account."""


def exports() -> dict[str, bytes]:
    """The files, by name; the first is Excel, the second GBK text, the third Kuaishou's."""
    rng = np.random.default_rng(3)
    douyin = [_douyin(rng, k, level) for level in (3.6, 3.0) for k in range(EACH)]
    kuaishou = [_kuaishou(rng, k) for k in range(EACH)]
    return {
        NAMES[0]: as_xlsx({"Sheet1": [list(DOUYIN), *douyin[:EACH]]}),
        NAMES[1]: as_csv([list(DOUYIN), *douyin[EACH:]], "gb18030"),
        NAMES[2]: as_xlsx({"Sheet1": [list(KUAISHOU), *kuaishou]}),
    }


def _douyin(rng: np.random.Generator, k: int, level: float) -> list[object]:
    plays = round(10 ** rng.normal(level, 0.5))
    likes, shares, comments, saves, visits = (
        rng.binomial(plays, p) for p in (0.03, 0.004, 0.003, 0.01, 0.01)
    )
    day = f"2026-09-{k + 1:02} 18:30:00"
    rates = [f"{rate:.4f}" for rate in (rng.beta(4, 8), 0.41, 0.12, 0.2)]
    counts = [likes, shares, comments, saves, visits, rng.binomial(plays, 0.002)]
    return [f"作品 {level} {k}", day, "1min-视频", "公开", str(plays), *rates, "9.2", *map(str, counts)]


def _kuaishou(rng: np.random.Generator, k: int) -> list[object]:
    plays = round(10 ** rng.normal(3.2, 0.5))
    counts = [rng.binomial(plays, p) for p in (0.003, 0.03, 0.01, 0.002)]
    return [
        f"日常 {k}",
        f"2026-09-{k + 1:02} 12:00",
        str(plays),
        f"{100 * rng.beta(4, 8):.2f}",
        *map(str, counts),
    ]
