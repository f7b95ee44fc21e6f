import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.greenhouse import Greenhouse


def read(tmp_path, body):
    path = tmp_path / "answer.json"
    path.write_text(body)
    return list(parse_file("greenhouse", path, None, {}, {"greenhouse": Greenhouse}))


def test_bad_post_is_an_issue_and_the_good_one_stays(tmp_path):
    found = read(tmp_path, '{"jobs":[{"id":1},{"id":2,"title":"Analyst","content":"&lt;p&gt;Hi&lt;/p&gt;"}]}')
    assert isinstance(found[0], Issue)
    assert found[1].html == "<p>Hi</p>"


@pytest.mark.parametrize("body", ["", "<html></html>", "[]", '{"error":"Job not found"}'])
def test_answer_of_another_kind_is_refused(tmp_path, body):
    with pytest.raises(SourceResponseError):
        read(tmp_path, body)
