"""Gold and prediction meet on the page: nothing predicted is dropped, nothing missing goes unsaid."""

from __future__ import annotations

import pytest
from marked_texts import evaluate_texts, tallies, text_of

from pipeline.errors import InputError
from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import Place
from pipeline.evaluation.counts import Counts


def test_a_mention_cut_in_two_by_a_column_has_two_pieces_on_the_page() -> None:
    whole = text_of("[山西大学|ORG]", page="1.txt", at=10)
    assert whole.place((0, 4)) == Place("page", "1.txt", ((10, 14),))
    broken = text_of("[山西\n大学|ORG]", page="1.txt", at=10)
    assert broken.place((0, 5)) == Place("page", "1.txt", ((10, 12), (13, 15)))


def test_texts_of_one_page_meet_whatever_their_ids_and_offsets() -> None:
    gold = [text_of("[太原|LOC]", id="1-1", page="1.txt", at=0), text_of("[张三|PER]", id="1-2", page="1.txt", at=3)]
    predicted = text_of("[太原|LOC]\n[张三|PER]", id="x", page="1.txt", at=0)
    assert tallies(evaluate_texts(gold, predicted), "mentions", "strict")["micro"] == Counts(2, 2, 2)


def test_a_prediction_outside_all_gold_articles_of_a_known_page_counts_as_spurious() -> None:
    gold = text_of("[太原|LOC]", id="1-1", page="1.txt", at=0)
    predicted = [
        text_of("[太原|LOC]", id="1-1", page="1.txt", at=0), text_of("[张三|PER]", id="1-2", page="1.txt", at=50)
    ]  # fmt: skip
    evaluation = evaluate_texts(gold, predicted, "mentions")
    assert tallies(evaluation, "mentions", "strict")["micro"] == Counts(1, 2, 1)
    assert list(evaluation.measures[0].tallies) == ["1-1", "rest of 1.txt"]
    assert [(unit, case.kind) for unit, case in evaluation.measures[0].cases] == [("rest of 1.txt", "spurious")]


def test_pages_and_ids_that_gold_does_not_know_are_listed_and_left_out() -> None:
    gold = [text_of("[太原|LOC]", id="1-1", page="1.txt"), text_of("[张三|PER]", id="t")]
    predicted = [*gold, text_of("[李四|PER]", id="2-1", page="2.txt"), text_of("[王五|PER]", id="u")]
    evaluation = evaluate_texts(gold, predicted)
    assert evaluation.alignment.unknown == ("2.txt", "u")
    assert tallies(evaluation, "mentions", "strict")["micro"] == Counts(2, 2, 2)


def test_an_article_that_the_prediction_lacks_is_missed_and_named() -> None:
    gold = [text_of("[太原|LOC]", id="1-1", page="1.txt"), text_of("[张三|PER]", id="1-2", page="1.txt", at=9)]
    evaluation = evaluate_texts(gold, gold[0])
    assert evaluation.alignment.missing == ("1-2",)
    assert tallies(evaluation, "mentions", "strict")["micro"] == Counts(1, 1, 2)


@pytest.mark.parametrize("page", ["1.txt", None])
def test_texts_that_differ_where_they_meet_are_refused(page: str | None) -> None:
    gold, predicted = text_of("山西省太原市", page=page), text_of("山西省大同市", page=page)
    with pytest.raises(InputError, match=r"reads '大同市' where the gold text 'a' reads '太原市'"):
        Alignment([gold], [predicted])


def test_a_longer_text_under_a_known_id_is_refused() -> None:
    with pytest.raises(InputError, match="reads '市'"):
        Alignment([text_of("太原")], [text_of("太原市")])


def test_two_gold_articles_on_one_place_are_refused() -> None:
    one, other = text_of("太原市", id="a", page="1.txt"), text_of("市委", id="b", page="1.txt", at=2)
    with pytest.raises(InputError, match="both hold page offset 2"):
        Alignment([one, other], [])


def test_a_place_is_found_again_only_in_one_run_of_the_text() -> None:
    gold = text_of("太原\n张三", id="a", page="1.txt")
    alignment = Alignment([gold], [])
    assert alignment.locate(Place("page", "1.txt", ((3, 5),))) == (gold, (3, 5))
    assert alignment.locate(Place("page", "1.txt", ((0, 2), (3, 5)))) == (gold, (0, 5))
    assert alignment.locate(Place("page", "1.txt", ((3, 5), (0, 2)))) is None
    assert alignment.locate(Place("page", "1.txt", ((4, 9),))) is None
    assert alignment.locate(Place("page", "9.txt", ((0, 2),))) is None


def test_empty_texts_are_known_by_their_id() -> None:
    alignment = Alignment([text_of("", id="a")], [text_of("", id="a")])
    assert alignment.missing == () and alignment.unknown == ()
