"""Each run has a folder of its own, also where two begin within one second."""

from hil.running import new_folder


def test_runs_of_one_second_have_folders_of_their_own(tmp_path):
    folders = {new_folder(tmp_path / "out") for _ in range(3)}
    assert len(folders) == 3
    assert all(folder.is_dir() and not list(folder.iterdir()) for folder in folders)
