"""Each check of the four other seeds has a test: this is the list, by programme, with where each is tested.

A check is named as its test is: by the name of the function or by the id of the case in its table.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RULES = "checklists/proposal/test_proposal.py"
ROOM = "sync_server/proposals/test_proposal_room.py"
PAGES = "sync_server/routes/dashboard/test_proposal_pages.py"
RESULTS = "sync_server/routes/dashboard/test_proposal_results.py"
CSQS = "checklists/csqs/test_csqs.py"
LEVELS = "sync_server/csqs/test_levels.py"
HANDED = "sync_server/csqs/test_handing_out.py"
TABLE = "checklists/index/test_index_table.py"
SURVEY = "checklists/index/test_survey.py"
TAKING = "sync_server/survey/test_survey_room.py"
COMMAND = "sync_server/commands/test_index_command.py"
INDEX_PAGES = "sync_server/routes/dashboard/test_index_publishing.py"
MEMBERS = "sync_server/consortium/test_consortium_rules.py"
FINDINGS = "sync_server/consortium/test_consortium_room.py"

CHECKS = {
    # ---- seed 003: proposal and judging
    "003-01 each limit takes its last word and refuses the next":
        (RULES, "test_each_limit_takes_its_last_word_and_refuses_the_next"),
    "003-02 sixteen limits, 2,820 words, seventy points":
        (RULES, "test_the_template_has_sixteen_limits_and_seventy_points"),
    "003-03 ten pages are in": (ROOM, "ATT-1 ten pages are in"),
    "003-04 eleven pages are refused": (ROOM, "ATT-1 eleven are refused"),
    "003-05 another size than A4 is refused": (ROOM, "ATT-1 Letter"),
    "003-06 23:59:59 is in": (ROOM, "PRP-1 23:59:59 is in"),
    "003-07 00:00:00 is late": (ROOM, "PRP-1 00:00:00 is late"),
    "003-08 late: the page says so and keeps the draft until it is reopened":
        (PAGES, "test_after_the_deadline_the_page_says_so_and_keeps_the_draft_until_the_office_reopens_it"),
    "003-09 reopened: taken, and by how much it is late":
        (ROOM, "test_prp_3_a_reopened_proposal_is_taken_and_says_by_how_much_it_is_late"),
    "003-10 49.5 of 70 is 70.71 %, the mean 52.25 is 74.64 %, the spread 5.5":
        (RULES, "test_r_pro_8_seed_003_marks_their_mean_and_their_spread"),
    "003-11 never 100/100 without what lies outside; 49.5 and 24 of 30 are 73.5":
        (RULES, "test_r_pro_9_a_figure_of_100_exists_only_with_what_lies_outside"),
    "003-12 a judge who is tied cannot open it": (PAGES, "test_a_judge_who_is_tied_cannot_open_it"),
    "003-13 a version that was handed in never changes": (ROOM, "test_a_version_that_was_handed_in_never_changes"),
    "003-14 the pack holds every heading in order, both addresses and the counts":
        (ROOM, "test_prp_5_the_pack_holds_every_heading_in_order_the_addresses_and_the_counts"),
    "003-15 don't, e-mail and 3.5% are one word each": (RULES, "R-PRO-4 apostrophe, hyphen and decimal point join"),
    "003-16 其他 needs words": (RULES, "R-PRO-5 其他 ticked without words"),
    "003-17 外部機構 needs words": (RULES, "R-PRO-5 外部機構 without a name"),
    "003-18 awards of the edition and the two years before": (RULES, "R-PRO-6 years of the last two"),
    "003-19 an award of an earlier year is refused": (RULES, "R-PRO-6 a year too early"),
    "003-20 one button fills the entrant's released results in":
        (RESULTS, "test_released_results_go_into_empty_fields_and_nothing_typed_is_lost"),
    "003-21 an encrypted attachment is refused": (ROOM, "ATT-1 encrypted"),
    "003-22 the first tick of II.3 stands in the template": (RULES, "test_the_first_tick_of_ii_3_is_in_the_template"),
    # ---- seed 001: CSQS site visit
    "001-01 24/21/20 is level 2": (CSQS, "001 24/21/20 is level 2"),
    "001-02 24/21/21 is level 3": (CSQS, "001 24/21/21 is level 3"),
    "001-03 20/30/30 is no level": (CSQS, "001 20/30/30 is no level"),
    "001-04 by steps 26/21/20 is level 2": (CSQS, "001 26/21/20 by steps"),
    "001-05 an item that is not applicable leaves both sides":
        (CSQS, "test_an_item_that_is_not_applicable_leaves_both_sides"),
    "001-06 two steps apart keeps a visit open":
        (CSQS, "test_a_rating_two_steps_apart_keeps_a_visit_open_until_it_is_settled"),
    "001-07 and its level is not decided":
        (LEVELS, "test_a_rating_two_steps_apart_is_settled_before_the_visit_is_closed"),
    "001-08 a visit made offline arrives once": (HANDED, "test_a_visit_made_offline_arrives_once"),
    "001-09 the register knows the two holders": (CSQS, "test_the_register_knows_the_two_holders_of_the_source"),
    "001-10 peers are hidden at three": (CSQS, "001 hidden at three companies"),
    "001-11 peers are shown at four": (CSQS, "001 shown at four"),
    "001-12 no CRE entry without a holder and a visit": (CSQS, "test_a_cre_entry_needs_a_ccsm_holder_and_a_visit"),
    "001-13 第25年 and 這22年來 stay as printed": (CSQS, "test_the_sources_two_figures_stay_as_printed"),
    "001-14 every item has its tags": (CSQS, "test_every_item_of_the_form_has_its_tags"),
    "001-15 21 of 30 is exactly 70 and passes": (CSQS, "LVL-3 21 of 30 passes"),
    "001-16 a module asks its own items": (CSQS, "test_a_module_asks_its_items_alone"),
    # ---- seed 000: customer index
    "000-01 the table comes out as it went in": (COMMAND, "test_idx_13_the_seeds_table_comes_out_as_it_went_in"),
    "000-02 signs, means, firsts and last by the text": (TABLE, "test_the_seeds_table_comes_to_the_seeds_figures"),
    "000-03 broadband, zeros and brackets are told, nothing is corrected":
        (TABLE, "test_the_seeds_table_raises_the_seeds_flags_and_corrects_nothing"),
    "000-04 a text that says another number of industries":
        (TABLE, "test_idx_12_a_text_that_says_another_number_is_told"),
    "000-05 means of 7.8, 7.2 and 6.9 are 70.0": (SURVEY, "test_seed_000_means_of_7_8_and_7_2_and_6_9_are_70"),
    "000-06 40 promoters, 25 detractors of 100: +15.0 ± 15.5":
        (SURVEY, "test_seed_000_forty_promoters_and_25_detractors_of_a_hundred_are_15_give_or_take_15_5"),
    "000-07 29 answers: the company is hidden": (TAKING, "seed 000: 29 answers, the company is hidden"),
    "000-08 30 answers of a company": (TAKING, "SVY-4 30 answers of a company"),
    "000-09 99 answers of an industry are hidden": (TAKING, "SVY-8 99 answers of an industry"),
    "000-10 100 answers of an industry": (TAKING, "SVY-4 100 answers of an industry"),
    "000-11 negatives in brackets on request":
        (TABLE, "test_idx_17_a_negative_stands_in_brackets_and_nothing_else_does"),
    "000-12 and on page, paper and in files alike":
        (INDEX_PAGES, "test_idx_17_page_paper_and_file_have_negatives_in_brackets_where_they_are_asked_for"),
    "000-13 a survey sent twice is kept once": (TAKING, "test_svy_6_an_answer_sent_twice_is_kept_once_with_its_sums"),
    # ---- seed 002: consortium
    "002-01 the eight quarters from 1 April 2026": (MEMBERS, "CSM-1 the eight quarters of the seed's page"),
    "002-02 a member reads from the issue": (FINDINGS, "CSM-16 a member from its issue"),
    "002-03 an entrant does not for a year": (FINDINGS, "CSM-16 an entrant in its year"),
    "002-04 09:59:59 a year later": (FINDINGS, "CSM-16 a visitor a second before the year is over"),
    "002-05 10:00:00 and marked": (FINDINGS, "CSM-16 a visitor to the second, marked"),
    "002-06 10:00:00 and not marked": (FINDINGS, "CSM-16 a visitor, not marked"),
    "002-07 29 February: 1 March": (MEMBERS, "CSM-2 29 February: 1 March"),
    "002-08 9, 7, 7, 5, 5, 2: three chosen, two tied": (MEMBERS, "CSM-8 9, 7, 7, 5, 5, 2: three chosen, two tied"),
    "002-09 one ballot a member": (FINDINGS, "test_csm_6_a_member_has_one_ballot_and_nobody_sees_it_before_the_close"),
    "002-10 a cell of 3 is hidden, also where the total would tell it":
        (MEMBERS, "CSM-5 three, also where the total would tell it"),
    "002-11 whoever is tied approves nothing about a member":
        (FINDINGS, "test_csm_12_who_is_tied_to_a_member_decides_nothing_about_it"),
    "002-12 a finding without approval is not issued":
        (FINDINGS, "test_csm_15_a_finding_without_two_approvals_is_not_issued_and_nothing_is_half_done"),
    "002-13 a ballot after the close is refused": (MEMBERS, "CSM-7 the moment it closes"),
}  # fmt: skip


@pytest.mark.parametrize(("where", "name"), CHECKS.values(), ids=CHECKS)
def test_every_check_of_the_other_seeds_has_its_test(where: str, name: str) -> None:
    assert name in _names(HERE / where)


def test_the_checks_of_a_seed_are_numbered_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for check in CHECKS:
        numbers.setdefault(check[:3], []).append(int(check[4:6]))
    assert sorted(numbers) == ["000", "001", "002", "003"]
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def _names(path: Path) -> set[str]:
    """The tests of a file and the ids of their cases."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    cases = {
        node.value.value
        for node in nodes
        if isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.Constant)
    }
    return tests | cases
