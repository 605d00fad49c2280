"""Small models of every backend, made and trained here, saved as a user's own model would be.

They learn template sentences with invented names in a minute; what they are good for is to be loaded, run and
compared with what they were taught.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path

SURNAMES = "赵钱孙李周吴郑王冯陈"
GIVEN = ["建国", "志强", "晓梅", "文博", "丽华", "海燕", "学军", "雨桐"]
PLACES = ["云州市", "临川县", "青河县", "北岭市", "石桥镇", "南浦区"]
BODIES = ["恒远集团", "华岳公司", "云州大学", "临川县人民医院", "北岭银行", "青河水务局"]
POSTS = ["董事长", "市长", "总经理", "院长", "局长"]
TEMPLATES = [
    "{ORG} {TITLE} {PER} 在 {LOC} 出席 了 会议 。",
    "{PER} 说 ， {ORG} 将 在 {LOC} 建设 新 项目 。",
    "记者 从 {LOC} 获悉 ， {ORG} 与 {ORG} 签署 协议 。",
    "{LOC} 近日 召开 大会 ， {TITLE} {PER} 讲话 。",
    "会议 强调 安全 生产 ， 落实 责任 。",
]
Sentence = list[tuple[str, str]]  # words, each with its label or ""
ENTITY_LABELS = ("PER", "ORG", "LOC", "TITLE")


def sentences(count: int, seed: int) -> list[Sentence]:
    """Fill the templates with names."""
    choose = random.Random(seed)
    names = {
        "PER": [surname + given for surname, given in itertools.product(SURNAMES, GIVEN)],
        "ORG": BODIES, "LOC": PLACES, "TITLE": POSTS,
    }  # fmt: skip
    found = []
    for _ in range(count):
        sentence: Sentence = []
        for piece in choose.choice(TEMPLATES).split():
            label = piece.strip("{}")
            sentence.append((choose.choice(names[label]), label) if label in names else (piece, ""))
        found.append(sentence)
    return found


def text_of(sentence: Sentence) -> str:
    return "".join(word for word, _ in sentence)


def spans_of(sentence: Sentence) -> list[tuple[int, int, str]]:
    spans, offset = [], 0
    for word, label in sentence:
        if label:
            spans.append((offset, offset + len(word), label))
        offset += len(word)
    return spans


def tags_of(sentence: Sentence) -> list[str]:
    """Give one BIO tag a character."""
    return [
        ("O" if not label else f"B-{label}" if number == 0 else f"I-{label}")
        for word, label in sentence
        for number in range(len(word))
    ]


def vocabulary() -> list[str]:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[E1]", "[/E1]", "[E2]", "[/E2]"]
    letters = [prefix + chr(code) for code in range(33, 127) for prefix in ("", "##")]
    characters = sorted(
        {c for s in sentences(2000, seed=0) for c in text_of(s)} | set("，。、《》（）“”：；！？〇年月日元亿万")
    )
    return list(dict.fromkeys([*special, *letters, *characters]))


def save_bert(folder: Path) -> Path:
    """Save an untrained BERT of two layers with its tokenizer."""
    import torch
    from transformers import BertConfig, BertModel

    save_tokenizer(folder)
    torch.manual_seed(0)
    BertModel(bert_config(BertConfig)).save_pretrained(folder)
    return folder


def save_tokenizer(folder: Path) -> None:
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    vocab = vocabulary()
    try:  # transformers 5 takes the vocabulary itself
        tokenizer = BertTokenizerFast(vocab={token: number for number, token in enumerate(vocab)})
    except TypeError:
        (folder / "vocab.txt").write_text("\n".join(vocab), encoding="utf-8")
        tokenizer = BertTokenizerFast(vocab_file=str(folder / "vocab.txt"))
    tokenizer.add_special_tokens({"additional_special_tokens": ["[E1]", "[/E1]", "[E2]", "[/E2]"]})
    tokenizer.model_max_length = 512
    tokenizer.save_pretrained(folder)


def bert_config(kind: type, **settings: object) -> object:
    return kind(
        vocab_size=len(vocabulary()), hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128,
        max_position_embeddings=512, **settings,
    )  # fmt: skip


def train_network(network: object, rows: list[list[int]], targets: list[object], *, epochs: int, rate: float) -> None:
    """Train a classifier of tokens (targets are lists, -100 is left out) or of sequences (targets are numbers)."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate)
    network.train()
    for epoch in range(epochs):
        order = list(range(len(rows)))
        random.Random(epoch).shuffle(order)
        for low in range(0, len(order), 32):
            chosen = order[low : low + 32]
            width = max(len(rows[n]) for n in chosen)
            ids = torch.tensor([rows[n] + [0] * (width - len(rows[n])) for n in chosen])
            mask = torch.tensor([[1] * len(rows[n]) + [0] * (width - len(rows[n])) for n in chosen])
            if isinstance(targets[0], list):
                labels = torch.tensor([targets[n] + [-100] * (width - len(targets[n])) for n in chosen])
            else:
                labels = torch.tensor([targets[n] for n in chosen])
            loss = network(input_ids=ids, attention_mask=mask, labels=labels).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    network.eval()


def save_token_classifier(folder: Path) -> Path:
    """Save a BERT that was taught to mark the template sentences in BIO tags."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForTokenClassification

    save_tokenizer(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tags = ["O", *(f"{position}-{label}" for label in ENTITY_LABELS for position in "BI")]
    names = {"id2label": dict(enumerate(tags)), "label2id": {tag: n for n, tag in enumerate(tags)}}
    torch.manual_seed(0)
    network = BertForTokenClassification(bert_config(BertConfig, num_labels=len(tags), **names))
    single = sentences(600, seed=1)
    taught = [
        *single[:200],
        *([*a, *b, *c] for a, b, c in zip(single[200::3], single[201::3], single[202::3], strict=False)),
    ]
    rows = [tokenizer(text_of(sentence))["input_ids"] for sentence in taught]
    targets = [[-100, *(tags.index(tag) for tag in tags_of(sentence)), -100] for sentence in taught]
    assert all(len(row) == len(target) for row, target in zip(rows, targets, strict=True))
    train_network(network, rows, targets, epochs=10, rate=2e-3)
    network.save_pretrained(folder)
    return folder


def relations_of(sentence: Sentence) -> dict[tuple[int, int], str]:
    """Give the relations between the names of a sentence, by the numbers of their spans."""
    labels = [label for _, _, label in spans_of(sentence)]
    found = {}
    for i, (first, second) in enumerate(itertools.pairwise(labels)):
        if (first, second) == ("TITLE", "PER"):
            found[i + 1, i] = "position_held"
        if (first, second) == ("ORG", "TITLE"):
            found[i + 1, i] = "position_in"
    return found


def save_pair_classifier(folder: Path) -> Path:
    """Save a BERT that was taught which names of the template sentences a relation joins."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    save_tokenizer(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    names = ["none", "position_held", "position_in"]
    rows, targets = [], []
    for sentence in sentences(400, seed=1):
        text, spans, relations = text_of(sentence), spans_of(sentence), relations_of(sentence)
        for i, j in itertools.permutations(range(len(spans)), 2):
            marked = sorted([(*spans[i][:2], "[E1]", "[/E1]"), (*spans[j][:2], "[E2]", "[/E2]")])
            (a, b, left, left_end), (c, d, right, right_end) = marked
            written = text[:a] + left + text[a:b] + left_end + text[b:c] + right + text[c:d] + right_end + text[d:]
            rows.append(tokenizer(written)["input_ids"])
            targets.append(names.index(relations.get((i, j), "none")))
    labels = {"id2label": dict(enumerate(names)), "label2id": {name: n for n, name in enumerate(names)}}
    torch.manual_seed(0)
    network = BertForSequenceClassification(bert_config(BertConfig, num_labels=len(names), **labels))
    train_network(network, rows, targets, epochs=6, rate=2e-3)
    network.save_pretrained(folder)
    return folder


def mend_hanlp_training() -> None:
    """Put back the optimizer that HanLP 2.1.5 trains with and transformers 4.50 took away; loading needs none of it."""
    import torch
    import transformers.optimization

    class AdamW(torch.optim.AdamW):
        def __init__(
            self, params: object, correct_bias: bool = True, no_deprecation_warning: bool = True, **settings: object
        ):
            super().__init__(params, **settings)

    torch.set_num_threads(1)
    if not hasattr(transformers.optimization, "AdamW"):
        transformers.optimization.AdamW = AdamW


def write_corpora(folder: Path) -> dict[str, str]:
    """Write what HanLP trains on: tagged characters, words, tagged words."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for split, count, seed in (("train", 300, 1), ("dev", 20, 2)):
        taught = sentences(count, seed)
        tagged = ["\n".join(f"{c}\t{t}" for c, t in zip(text_of(s), tags_of(s), strict=True)) for s in taught]
        words = [" ".join(word for word, _ in s) for s in taught]
        tagged_words = ["\n".join(f"{word}\tS-{label}" if label else f"{word}\tO" for word, label in s) for s in taught]
        for kind, source in (
            ("characters.tsv", "\n\n".join(tagged)),
            ("words.txt", "\n".join(words)),
            ("words.tsv", "\n\n".join(tagged_words)),
        ):
            path = folder / f"{split}.{kind}"
            path.write_text(source + "\n", encoding="utf-8")
            paths[path.name] = str(path)
    return paths


def save_hanlp_entities(folder: Path, bert: Path, corpora: dict[str, str]) -> Path:
    from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer

    mend_hanlp_training()
    TransformerNamedEntityRecognizer().fit(
        corpora["train.characters.tsv"], corpora["dev.characters.tsv"], str(folder), str(bert), epochs=6, lr=1e-2,
        transformer_lr=1e-3, delimiter_in_entity="", char_level=True, devices=-1, seed=1,
    )  # fmt: skip
    return folder


def save_hanlp_words(folder: Path, bert: Path, corpora: dict[str, str]) -> Path:
    from hanlp.components.tokenizers.transformer import TransformerTaggingTokenizer

    mend_hanlp_training()
    TransformerTaggingTokenizer().fit(
        corpora["train.words.txt"], corpora["dev.words.txt"], str(folder), str(bert), epochs=5, lr=1e-2,
        transformer_lr=1e-3, devices=-1, seed=1,
    )  # fmt: skip
    return folder


def save_hanlp_joint(folder: Path, bert: Path, corpora: dict[str, str]) -> Path:
    from hanlp.common.dataset import SortingSamplerBuilder
    from hanlp.components.mtl.multi_task_learning import MultiTaskLearning
    from hanlp.components.mtl.tasks.ner.tag_ner import TaggingNamedEntityRecognition
    from hanlp.components.mtl.tasks.tok.tag_tok import TaggingTokenization
    from hanlp.layers.embeddings.contextual_word_embedding import ContextualWordEmbedding

    mend_hanlp_training()
    words, names = "words.txt", "words.tsv"
    tasks = {
        "tok/fine": TaggingTokenization(
            corpora[f"train.{words}"], corpora[f"dev.{words}"], corpora[f"dev.{words}"], SortingSamplerBuilder(32),
            max_seq_len=120, hard_constraint=True, char_level=True, lr=1e-2,
        ),
        "ner/msra": TaggingNamedEntityRecognition(
            corpora[f"train.{names}"], corpora[f"dev.{names}"], corpora[f"dev.{names}"], SortingSamplerBuilder(32),
            lr=1e-2, dependencies="tok*", delimiter_in_entity="",
        ),
    }  # fmt: skip
    encoder = ContextualWordEmbedding("token", str(bert), average_subwords=True, max_sequence_length=512)
    MultiTaskLearning().fit(
        encoder, tasks, str(folder), 5, lr=1e-3, encoder_lr=1e-3, devices=-1, eval_trn=False, seed=1
    )
    return folder


def save_spacy_ner(folder: Path) -> Path:
    """Save a spaCy pipeline whose ner was taught the template sentences."""
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    taught = [Example.from_dict(nlp.make_doc(text_of(s)), {"entities": spans_of(s)}) for s in sentences(200, seed=1)]
    optimizer = nlp.initialize(lambda: taught)
    for epoch in range(8):
        random.Random(epoch).shuffle(taught)
        for low in range(0, len(taught), 8):
            nlp.update(taught[low : low + 8], sgd=optimizer, drop=0.1)
    nlp.to_disk(folder)
    return folder
