"""Made-up exports with exactly the headers and quirks that real ones have, and what is written in each cell.

    python -m tests.reading.exports FOLDER

writes one file of each form. Nothing in them is anybody's.
"""

import csv
import datetime as dt
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

NOTE = "备注：数据每日更新，仅统计公开笔记"
DOUYIN = (
    "作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,"
    "主页访问量,粉丝增量"
).split(",")


class Sample(NamedTuple):
    """A made-up file."""

    name: str
    sheets: dict[str, list[list[object]]]
    kinds: tuple[str, ...]
    """of its tables, in their order"""
    platform: str
    columns: dict[str, str]
    """headers and the columns that they are read as; of all its tables"""
    encoding: str = "utf-8"
    year: int | None = None


def rows_of(head: Sequence[str], *lines: str) -> list[list[object]]:
    return [list(head), *(line.split("|") for line in lines)]


SAMPLES = (
    Sample(
        "作品列表.xlsx",
        {
            "Sheet1": rows_of(
                DOUYIN,
                "秋日穿搭🍂 #ootd @小鹿|2026-03-15 10:38:20|1min-视频|公开|12034|0.366807|0.41|0.12|0.2|9.2|340|12|33|40|55|-3",
                "=早八通勤|2026/03/14 09:08|图文|仅自己可见|800|0.52|0.31|-|-|4.586155|12|0|1|3|2|0",
                "小个子显高|2026年03月13日 10:38|1-3min视频|通过|49|||--||18秒|1|0|0|0|0|0",
            )
        },
        ("videos",),
        "douyin",
        {
            "作品名称": "title", "发布时间": "published_at", "体裁": "genre", "审核状态": "status", "播放量": "plays",
            "完播率": "finish_rate", "5s完播率": "finish_5s", "封面点击率": "cover_ctr", "2s跳出率": "bounce_2s",
            "平均播放时长": "avg_watch_s", "点赞量": "likes", "分享量": "shares", "评论量": "comments", "收藏量": "saves",
            "主页访问量": "profile_visits", "粉丝增量": "follower_delta",
        },
    ),
    Sample(
        "投稿表现.csv",
        {"": rows_of(
            "视频名称,发布时间,播放量,5s完播率,2s跳出率,平均播放时长".split(","),
            "门店探访|2026-03-15 10:38|1.2万|20.6%|35.6%|0:12",
            "新品试吃|2026-03-14 10:38|3,402|41%|12.5%|0:08",
        )},
        ("videos",),
        "douyin",
        {"视频名称": "title", "发布时间": "published_at", "播放量": "plays", "5s完播率": "finish_5s", "2s跳出率": "bounce_2s",
         "平均播放时长": "avg_watch_s"},
        "utf-8-sig",
    ),
    Sample(
        "投稿概览.xlsx",
        {"Sheet1": rows_of(
            "发布时间,体裁,垂类,周期内投稿量,条均点击率,条均5s完播率,条均2s跳出率,条均播放时长,播放量中位数,条均点赞数,条均评论量,条均分享量".split(","),
            "2026-04-23 ~ 2026-07-22|全部|美食|22|8.2%|38.1%|27.9%|9.2秒|411.5|12.3|1.2|0.8",
        )},
        ("overview",),
        "douyin",
        {"发布时间": "period", "体裁": "genre", "垂类": "field", "周期内投稿量": "posts", "条均点击率": "mean_cover_ctr",
         "条均5s完播率": "mean_finish_5s", "条均2s跳出率": "mean_bounce_2s", "条均播放时长": "mean_watch_s",
         "播放量中位数": "median_plays", "条均点赞数": "mean_likes", "条均评论量": "mean_comments", "条均分享量": "mean_shares"},
    ),
    *(
        Sample(
            f"数据表现_{head}数据.xlsx",
            {"Sheet1": rows_of(["日期", head], f"2026-03-01|{first}", f"2026-03-02|{second}", "2026-03-03|-")},
            ("days",),
            "douyin" if head != "播放量" else "",
            {"日期": "date", head: name},
        )
        for head, name, first, second in (
            ("播放量", "plays", "1203", "980"),
            ("主页访问", "profile_visits", "12", "3"),
            ("作品点赞", "likes", "-2", "14"),
            ("作品分享", "shares", "1", "0"),
            ("作品评论", "comments", "-1", "6"),
            ("封面点击率", "cover_ctr", "25.00%", "7.50%"),
            ("净增粉丝", "follower_delta", "-7", "3"),
            ("取关粉丝", "unfollows", "9", "2"),
            ("总粉丝量", "fans", "932", "925"),
        )
    ),
    Sample(
        "单作品详情.xlsx",
        {
            "数据": rows_of(
                "封面点击率,平均播放占比,跳过率,回看率,点赞率,评论率,分享率,收藏率,弹幕量,不感兴趣率,涨粉量,涨粉率,脱粉量,脱粉率".split(","),
                "12.1%|48.2%|31%|3.1%|2.4%|0.3%|0.1%|0.9%|4|0.02%|12|0.1%|2|0.02%",
            ),
            "来源": rows_of(["来源", "来源占比"], "推荐|81.2%", "关注|6.1%", "搜索|4%", "同城|0.7%", "个人主页|8%"),
            "趋势": rows_of(["时间", "播放量"], "2026-03-15|300", "2026-03-16|20"),
        },
        ("videos", "sources", "days"),
        "douyin",
        {"封面点击率": "cover_ctr", "平均播放占比": "played_share", "跳过率": "skip_rate", "回看率": "replay_rate",
         "点赞率": "like_rate", "评论率": "comment_rate", "分享率": "share_rate", "收藏率": "save_rate", "弹幕量": "danmaku",
         "不感兴趣率": "dislike_rate", "涨粉量": "follows", "涨粉率": "follow_rate", "脱粉量": "unfollows",
         "脱粉率": "unfollow_rate", "来源": "source", "来源占比": "share", "时间": "date", "播放量": "plays"},
    ),
    Sample(
        "直播收入.xlsx",
        {"Sheet1": rows_of(["日期", "收获音浪"], "2026-03-01|1203", "2026-03-02|0")},
        ("days",), "douyin", {"日期": "date", "收获音浪": "live_income"},
    ),
    Sample(
        "作品列表明细.xlsx",
        {"Sheet1": rows_of(
            "作品,发布时间,播放量,完播率,评论量,点赞量,收藏量,涨粉量".split(","),
            "广场舞|2026-03-15 10:38|1.2w|35.6|33|340|12|5", "赶集|2026-03-14 10:38|9802|12.25|3|40|2|-1",
        )},
        ("videos",), "kuaishou",
        {"作品": "title", "发布时间": "published_at", "播放量": "plays", "完播率": "finish_rate", "评论量": "comments",
         "点赞量": "likes", "收藏量": "saves", "涨粉量": "follower_delta"},
    ),
    Sample(
        "笔记列表明细表.xlsx",
        {"Sheet1": [[NOTE], *rows_of(
            "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕".split(","),
            "早春妆|2026年03月15日10时38分20秒|视频|20312|1820|0.0896|120|12|60|5|3|9.2|0",
            "胶囊衣橱|2026年03月14日08时05分00秒|图文|1203|302|0.251|20|1|9|0|0|4|0",
        )]},
        ("videos",), "xiaohongshu",
        {"笔记标题": "title", "首次发布时间": "published_at", "体裁": "genre", "曝光": "impressions", "观看量": "plays",
         "封面点击率": "cover_ctr", "点赞": "likes", "评论": "comments", "收藏": "saves", "涨粉": "follower_delta",
         "分享": "shares", "人均观看时长": "avg_watch_s", "弹幕": "danmaku"},
    ),
    Sample(
        "动态数据明细.csv",
        {"": rows_of(
            "视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量,转发聊天和朋友圈,设为铃声,设为状态,设为朋友圈封面".split(","),
            "晨跑|export/UzFfAgtgekIEAQ1|46096.443055556|35.60%|9.2|1203|10|34|3|4|1|4|0|0|0",
            "夜宵|export/UzFfAgtgekIEAQ2|46095.5|12.00%|7|302|1|9|0|1|0|1|0|0|0",
        )},
        ("videos",), "channels",
        {"视频描述": "title", "视频ID": "video_id", "发布时间": "published_at", "完播率": "finish_rate",
         "平均播放时长": "avg_watch_s", "播放量": "plays", "喜欢": "likes", "评论量": "comments", "分享量": "shares",
         "关注量": "follower_delta"},
    ),
    Sample(
        "Content_2026-01-04.csv",
        {"": rows_of(
            "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views,Total play time,Average watch time,Watched full video,Add to favorites".split(","),
            "Morning run|https://www.tiktok.com/@a/video/7312345678901234567|1月3日|1.2K|33|12|18K|9h:0m:0s|9.2s|12.4%|40",
            "Late snack|https://www.tiktok.com/@a/video/7312345678901234568|12月30日|340|3|1|3402|2h:0m:0s|8s|9%|4",
        )},
        ("videos",), "tiktok",
        {"Video title": "title", "Video link": "link", "Post time": "published_at", "Total likes": "likes",
         "Total comments": "comments", "Total shares": "shares", "Total views": "plays", "Total play time": "total_watch_s",
         "Average watch time": "avg_watch_s", "Watched full video": "finish_rate", "Add to favorites": "saves"},
    ),
    Sample(
        "Overview_2026-01-04.csv",
        {"": rows_of("Date,Video Views,Profile Views,Likes,Comments,Shares".split(","),
                     "12月31日|1203|12|30|3|1", "1月1日|980|9|-2|1|0")},
        ("days",), "tiktok",
        {"Date": "date", "Video Views": "plays", "Profile Views": "profile_visits", "Likes": "likes",
         "Comments": "comments", "Shares": "shares"},
    ),
    Sample(
        "FollowerHistory.csv",
        {"": rows_of(["Date", "Followers", "Difference in followers from previous day"], "3月28日|932|0", "3月29日|925|-7")},
        ("days",), "tiktok",
        {"Date": "date", "Followers": "fans", "Difference in followers from previous day": "follower_delta"},
        year=2026,
    ),
    Sample(
        "FollowerTopTerritories.csv",
        {"": rows_of(["Top territories", "Distribution"], "VN|0.61", "TH|0.12", "Others|0.27")},
        ("audience",), "tiktok", {"Top territories": "region", "Distribution": "share"},
    ),
    Sample(
        "instagram.csv",
        {"": rows_of(
            "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves".split(","),
            "17912345678901234|17841400000000001|a_brand|A Brand|Spring|15|03/28/2026 10:38|https://www.instagram.com/reel/A/|IG reel||Lifetime|1203|980|34|3|1|2|5",
            "17912345678901235|17841400000000001|a_brand|A Brand|Picnic|9|03/27/2026 09:00|https://www.instagram.com/reel/B/|IG reel||Lifetime|302|298|9|0|0|0|1",
        )},
        ("videos",), "instagram",
        {"Post ID": "video_id", "Account username": "account", "Description": "title", "Duration (sec)": "duration_s",
         "Publish time": "published_at", "Permalink": "link", "Post type": "genre", "Views": "plays", "Reach": "reach",
         "Likes": "likes", "Shares": "shares", "Follows": "follows", "Comments": "comments", "Saves": "saves"},
    ),
    Sample(
        "Table data.csv",
        {"": rows_of(
            "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,Impressions click-through rate (%)".split(","),
            "Total||||1505|9.5|4|20000|3.1",
            "aBcDeFgHiJ0|Morning run|Mar 28, 2026|61|1203|8.25|3|18000|3.4",
            "aBcDeFgHiJ1|Late snack|Mar 27, 2026|15|302|1.25|1|2000|0.6",
        )},
        ("videos",), "youtube",
        {"Content": "video_id", "Video title": "title", "Video publish time": "published_at", "Duration": "duration_s",
         "Views": "plays", "Watch time (hours)": "total_watch_s", "Subscribers": "follower_delta",
         "Impressions": "impressions", "Impressions click-through rate (%)": "cover_ctr"},
    ),
    Sample(
        "巨量引擎.csv",
        {"": rows_of(
            "时间-天,项目ID,项目名称,单元ID,单元名称,转化目标,素材ID,素材名称,素材类型,消耗,展示数,平均千次展现费用(元),点击数,点击率%,平均点击单价(元),转化数,平均转化成本,转化率%,深度转化数,深度转化成本,深度转化率,3S完播率,播放量,成交金额,ROI".split(","),
            "2026-03-15|7312345678901234567|春季|7312345678901234568|单元一|表单|7312345678901234569|口播|视频|1,203.50|40312|29.85|403|1.00|2.99|12|100.29|2.98|1|1203.5|8.33|41.20|39010|3,200.00|2.66",
            "合计|||||||||1203.5|40312|29.85|403|1.00|2.99|12|100.29|2.98|1|1203.5|8.33|41.20|39010|3200|2.66",
        )},
        ("ads",), "oceanengine",
        {"时间-天": "date", "项目ID": "project_id", "项目名称": "project", "单元ID": "unit_id", "单元名称": "unit",
         "转化目标": "aim", "素材ID": "material_id", "素材名称": "material", "素材类型": "material_type", "消耗": "cost",
         "展示数": "impressions", "平均千次展现费用(元)": "cpm", "点击数": "clicks", "点击率%": "click_rate",
         "平均点击单价(元)": "cpc", "转化数": "conversions", "平均转化成本": "cpa", "转化率%": "conversion_rate",
         "深度转化数": "deep_conversions", "深度转化成本": "deep_cpa", "深度转化率": "deep_rate", "3S完播率": "finish_3s",
         "播放量": "plays", "成交金额": "orders_value", "ROI": "roi"},
        "gb18030",
    ),
    Sample(
        "星图达人.xlsx",
        {"Sheet1": rows_of(
            "昵称,星图ID,星图链接,粉丝数,1-20s视频报价,21-60s视频报价,60s+视频报价,预期CPM,预期播放量,互动率,完播率,90天商单数,MCN,达人类型,内容主题".split(","),
            "小茶|6612345678901234567|https://x|195.5万|30000|50000|233100|44.8|112万|1.5%|12%|9|无|美食|探店",
            "老面|6612345678901234568|https://y|2572581|4900|5300|6200|84.7|62,000|2.1%|18%|3|无|美食|家常",
        )},
        ("creators",), "xingtu",
        {"昵称": "name", "星图ID": "creator_id", "粉丝数": "fans", "1-20s视频报价": "price_cny", "21-60s视频报价": "price_cny",
         "60s+视频报价": "price_cny", "预期播放量": "plays", "互动率": "interaction", "完播率": "completion"},
    ),
    Sample(
        "蝉妈妈.csv",
        {"": [
            ["达人榜"],
            *rows_of("达人昵称,抖音号,粉丝数,近30天涨粉,近30天视频数,平均点赞,平均播放,赞粉比,直播场次,平均场观,平均停留时长,场均销售额,视频销售额,带货口碑".split(","),
                     "阿果|aguo1|7.5w~10w|1k-5k|12|1.2w|3.4w|0.9|3|1.1w|1分20秒|1w~2.5w|-|4.8"),
            [""],
            ["商品榜"],
            *rows_of("排名,商品,商品链接,佣金比例,近30天销量,30天转化率,直播销售额".split(","),
                     "1|奶茶粉|https://p|20%|7.5w~10w|5%-10%|1w~2.5w", "2|烤肠|https://q|15%|1.2w|3%|5000"),
        ]},
        ("creators", "products"), "chanmama",
        {"达人昵称": "name", "抖音号": "creator_id", "粉丝数": "fans", "平均播放": "plays", "排名": "rank", "商品": "product",
         "商品链接": "product_link", "佣金比例": "commission", "近30天销量": "sales", "30天转化率": "conversion_rate",
         "直播销售额": "revenue"},
        "gb18030",
    ),
    Sample(
        "巨量算数.csv",
        {"": rows_of(["日期", "关键词", "搜索指数", "综合指数"], "2026-03-01|奶茶|12034|20310", "2026-03-02|奶茶|11000|19000")},
        ("interest",), "arithmetics",
        {"日期": "date", "关键词": "keyword", "搜索指数": "search_index", "综合指数": "overall_index"},
    ),
    Sample(
        "research.csv",
        {"": rows_of(
            "video_id,author,author_followers,create_time,duration,view_count,like_count,comment_count,share_count".split(","),
            "7312345678901234567|u1|304900|1773542318|15|541200|21900|454|742",
            "7312345678901234568|u2|17400|1773455918|65|1400000|27700|448|10200",
        )},
        ("videos",), "",
        {"video_id": "video_id", "author": "account", "author_followers": "fans", "create_time": "published_at",
         "duration": "duration_s", "view_count": "plays", "like_count": "likes", "comment_count": "comments",
         "share_count": "shares"},
    ),
)  # fmt: skip


def as_csv(
    rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",", sep: str = ""
) -> bytes:
    out = io.StringIO(newline="")
    out.write(sep)
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    """A workbook: numbers and moments as such, the rest as text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for k, cell in enumerate(row):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(n, k, cell, moment)
                    elif isinstance(cell, int | float):
                        sheet.write_number(n, k, cell)
                    elif cell not in {"", None}:
                        sheet.write_string(n, k, str(cell))
    return out.getvalue()


def as_page(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    """A web page that is called .xls."""
    import html

    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in row)}</tr>\n" for row in rows
    )
    return f"<html><head><meta charset={encoding}></head><body><table>{lines}</table></body></html>".encode(
        encoding
    )


def content_of(sample: Sample) -> bytes:
    if sample.name.endswith("xlsx"):
        return as_xlsx(sample.sheets)
    return as_csv(next(iter(sample.sheets.values())), sample.encoding)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for one in SAMPLES:
        (folder / one.name).write_bytes(content_of(one))
