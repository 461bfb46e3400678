"""What filled conversations are about: questions, answers and tools in English and Chinese. Pure.

`{place}`, `{thing}`, `{number}`, `{person}` and `{code}` are filled in: a million texts are not a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Topic:
    """`language`: "en" or "zh"; a tool that an answer may call, with its arguments and output."""

    language: str
    name: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    tool: str
    arguments: str
    output: str


PLACES = {
    "en": (
        "Ulm",
        "Oslo",
        "Lisbon",
        "Kyoto",
        "Quito",
        "Boston",
        "Nairobi",
        "Turin",
        "Perth",
        "Cork",
        "Lyon",
        "Bergen",
    ),
    "zh": (
        "杭州",
        "成都",
        "哈尔滨",
        "深圳",
        "西安",
        "青岛",
        "厦门",
        "昆明",
        "苏州",
        "南京",
        "拉萨",
        "乌鲁木齐",
    ),
}
THINGS = {
    "en": (
        "umbrella",
        "invoice",
        "laptop",
        "visa",
        "contract",
        "keyboard",
        "ticket",
        "passport",
        "router",
        "desk lamp",
        "monitor",
        "bicycle",
        "coffee machine",
        "badge",
        "warranty",
        "headset",
    ),
    "zh": (
        "雨伞",
        "发票",
        "笔记本电脑",
        "签证",
        "合同",
        "键盘",
        "车票",
        "护照",
        "路由器",
        "台灯",
        "显示器",
        "自行车",
        "咖啡机",
        "工牌",
        "保修卡",
        "耳机",
    ),
}
PEOPLE = {
    "en": ("Maya", "Jonas", "Priya", "Luis", "Hanna", "Omar", "Grace", "Ivan"),
    "zh": ("小王", "李雷", "韩梅梅", "张工", "陈经理", "老刘", "赵敏", "孙老师"),
}
TOPICS = (
    Topic(
        "en",
        "Weather in {place}",
        (
            "What is the weather in {place} tomorrow?",
            "Will it rain in {place} on the {number}th?",
            "Do I need an umbrella in {place} this week?",
            "How cold does it get in {place} at night?",
        ),
        (
            "In {place} expect {number} degrees and light wind; rain is unlikely before the evening.",
            "**{place}**: cloudy, {number} °C at noon. Take a jacket, and an umbrella for the way back.",
            "The forecast for {place} says showers until noon, then sun. The chance of rain is {number} %.",
        ),
        "get_weather",
        '{{"city": "{place}", "days": {number}}}',
        '{{"temperature": {number}, "sky": "cloudy"}}',
    ),
    Topic(
        "en",
        "Order {code}",
        (
            "Where is my order {code}?",
            "The {thing} of order {code} has not arrived, what now?",
            "Please cancel {code}, I ordered the wrong {thing}.",
            "Can {person} pick up {code} for me?",
        ),
        (
            "Order {code} with your {thing} left {place} and arrives within {number} days.",
            "I am sorry about the {thing}. {person} will write to you within {number} hours.",
            "{code} can still be changed: choose another {thing}, or get your money back in {number} days.",
        ),
        "find_order",
        '{{"order": "{code}"}}',
        '{{"order": "{code}", "state": "sent", "days": {number}}}',
    ),
    Topic(
        "en",
        "{thing} at work",
        (
            "How do I get a new {thing}?",
            "My {thing} is broken, who repairs it in {place}?",
            "What is the policy for a {thing} above {number} euros?",
            "Who approves the {thing} for {person}?",
        ),
        (
            "Ask {person} for a new {thing}; below {number} euros no approval is needed.",
            "Broken equipment goes to the service desk in {place}:\n\n1. Note the number on the {thing}.\n"
            "2. Bring it to room {number}.\n3. {person} lends you another one.",
            "The policy says: a {thing} is replaced every {number} months. Exceptions: ask {person}.",
        ),
        "search_policy",
        '{{"words": "{thing}"}}',
        '{{"pages": [{number}, 12], "title": "{thing}"}}',
    ),
    Topic(
        "en",
        "A trip to {place}",
        (
            "Plan a weekend in {place} for {number} people.",
            "Which museum in {place} is open on Monday?",
            "How far is it from {place} to the airport?",
            "Find a quiet hotel in {place} below {number} euros.",
        ),
        (
            "Day one: the old town of {place} and the museum until {number} past four. Day two: the hills.",
            "From {place} the train takes {number} minutes; a taxi is not faster in the morning.",
            "Three hotels in {place} fit. The quietest has {number} rooms and a garden.",
        ),
        "book_hotel",
        '{{"city": "{place}", "guests": {number}}}',
        '{{"hotel": "Garden", "price": {number}}}',
    ),
    Topic(
        "zh",
        "{place}的天气",
        (
            "{place}明天天气怎么样？",
            "这周去{place}要带{thing}吗",
            "{place}{number}号会下雨吗？",
            "{place}晚上最低多少度",
        ),
        (
            "{place}明天多云，气温{number}度，微风，傍晚前不会下雨。",
            "**{place}**：白天晴，最高{number}度；夜里转凉，建议带一件外套和{thing}。",
            "天气预报说{place}上午有阵雨，中午以后放晴，降水概率百分之{number}。",
        ),
        "get_weather",
        '{{"city": "{place}", "days": {number}}}',
        '{{"temperature": {number}, "sky": "多云"}}',
    ),
    Topic(
        "zh",
        "订单 {code}",
        (
            "我的订单{code}到哪里了？",
            "订单{code}里的{thing}还没收到，怎么办",
            "请帮我取消{code}，{thing}买错了。",
            "可以让{person}帮我取{code}吗？",
        ),
        (
            "订单{code}的{thing}已从{place}仓库发出，预计{number}天内送达。",
            "非常抱歉，{thing}的问题已经登记，{person}会在{number}小时内联系您。",
            "{code}还可以修改：您可以换一件{thing}，也可以申请退款，{number}个工作日内到账。",
        ),
        "find_order",
        '{{"order": "{code}"}}',
        '{{"order": "{code}", "state": "已发货", "days": {number}}}',
    ),
    Topic(
        "zh",
        "{thing}报销",
        (
            "{thing}超过{number}元怎么报销？",
            "出差去{place}的住宿标准是多少",
            "{person}的{thing}找谁审批？",
            "报销单填错了{number}元，能改吗",
        ),
        (
            "{number}元以下的{thing}直接提交发票；超过的部分需要{person}审批。",
            "出差{place}的住宿标准是每晚{number}元。流程：\n\n1. 填写申请\n2. 上传发票\n3. 等待审批",
            "可以。请在{number}天内撤回报销单，改好以后重新提交，{person}会收到通知。",
        ),
        "search_policy",
        '{{"words": "{thing}"}}',
        '{{"pages": [{number}], "title": "{thing}管理办法"}}',
    ),
    Topic(
        "zh",
        "去{place}旅行",
        (
            "帮我安排{place}两日游，{number}个人。",
            "{place}有什么好吃的？",
            "从{place}到机场要多久",
            "{place}有没有{number}元以下的安静酒店",
        ),
        (
            "第一天逛{place}老城，中午在河边吃饭，下午参观博物馆；第二天爬山，{number}点前返回。",
            "{place}到机场坐地铁约{number}分钟，早高峰比出租车快。",
            "{place}有三家合适的酒店，最安静的一家有{number}间客房和一个小花园。",
        ),
        "book_hotel",
        '{{"city": "{place}", "guests": {number}}}',
        '{{"hotel": "花园", "price": {number}}}',
    ),
)
COMMENTS = {
    "en": (
        "This is wrong.",
        "Too long, please be brief.",
        "It did not answer my question.",
        "Very helpful, thank you!",
    ),
    "zh": ("答非所问", "太长了，请简短一些", "信息过时了", "很有帮助，谢谢！"),
}
# Now and then somebody writes what an operator must not read, or what is hard to find.
ASIDES = {
    "en": (
        " Call me on 13812345678.",
        " My mail is maya.k@example.com.",
        " It is about the zeppelin hangar.",
    ),
    "zh": ("请打我电话13812345678。", "邮箱是li.lei@example.com。", "和飞艇库有关。"),
}
ASIDE_EVERY = 400


def values_of(random: Random, language: str) -> dict[str, str]:
    """What one turn's texts are filled in with."""
    return {
        "place": random.choice(PLACES[language]),
        "thing": random.choice(THINGS[language]),
        "person": random.choice(PEOPLE[language]),
        "number": str(random.randrange(2, 99)),
        "code": f"CW-{random.randrange(10**6):06d}",
    }
