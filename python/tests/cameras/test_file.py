from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from macroscope_worker.cameras import Camera, CameraRegistry, PixelFormat, UnavailableDriver
from macroscope_worker.cameras.file import FILES_VARIABLE, FileDriver, files_folder
from macroscope_worker.errors import CameraNotFound, CameraUnavailable, DriverUnavailable
from macroscope_worker.testing import check_camera

from .virtual_time import VirtualTime

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

tifffile: Any = pytest.importorskip("tifffile")

X, WIDTH = "region_of_interest.x_px", "region_of_interest.width_px"


def _stack(dtype: str = "u2", frames: int = 4) -> npt.NDArray[Any]:
    rng = np.random.default_rng(5)
    return rng.integers(0, 200, (frames, 24, 32)).astype(dtype)


def _open(path: Path) -> Camera:
    return FileDriver().open(f"file:{path}")


def _play(camera: Camera, count: int) -> npt.NDArray[Any]:
    camera._pace = VirtualTime().pacer  # type: ignore[attr-defined]
    camera.start_sequence()
    played = []
    for number in range(count):
        into = camera.frame_format().empty()
        stamp = camera.next_frame(into, 5)
        assert stamp is not None
        assert stamp.frame_id == number
        played.append(into)
    camera.close()
    return np.stack(played)


def _write(path: Path, stack: npt.NDArray[Any], how: str) -> None:
    match how:
        case "npy":
            np.save(path, stack)
        case "plain":
            tifffile.imwrite(path, stack, photometric="minisblack")
        case "compressed":
            tifffile.imwrite(path, stack, photometric="minisblack", compression="zlib")
        case "big-endian":
            tifffile.imwrite(path, stack, photometric="minisblack", byteorder=">")
        case "ome":
            tifffile.imwrite(path, stack, photometric="minisblack", ome=True, metadata={"axes": "TYX"})
        case "pages":
            with tifffile.TiffWriter(path) as writer:
                for frame in stack:
                    writer.write(frame, photometric="minisblack", contiguous=False)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize("how", ["npy", "plain", "compressed", "big-endian", "ome", "pages"])
def test_a_stack_is_played_in_a_loop(tmp_path: Path, how: str, dtype: str) -> None:
    stack = _stack(dtype)
    path = tmp_path / ("stack.npy" if how == "npy" else "stack.ome.tif" if how == "ome" else "stack.tif")
    _write(path, stack, how)
    np.testing.assert_array_equal(_play(_open(path), 10), np.concatenate([stack, stack, stack[:2]]))


def test_a_picture_is_a_stack_of_one(tmp_path: Path) -> None:
    cv2: Any = pytest.importorskip("cv2")
    picture = _stack(frames=1)[0] * 300
    path = tmp_path / "picture.png"
    assert cv2.imwrite(str(path), picture)
    camera = _open(path)
    assert camera.parameters()["pixel_format"].value == PixelFormat.MONO16
    np.testing.assert_array_equal(_play(camera, 2), np.stack([picture, picture]))


def test_it_keeps_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "stack.npy"
    np.save(path, _stack())
    check_camera(CameraRegistry().open(f"file:{path}"))


def test_a_region_is_a_cut_out(tmp_path: Path) -> None:
    path = tmp_path / "stack.npy"
    stack = _stack()
    np.save(path, stack)
    camera = _open(path)
    camera.configure({X: 8, WIDTH: 16})
    np.testing.assert_array_equal(_play(camera, 3), stack[:3, :, 8:24])


def test_named_files_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stack.npy"
    np.save(path, _stack())
    monkeypatch.setenv(FILES_VARIABLE, os.pathsep.join([str(path), str(tmp_path / "gone.tif")]))
    assert [camera.id for camera in FileDriver().list_cameras()] == [f"file:{path}"]
    monkeypatch.setenv(FILES_VARIABLE, str(tmp_path / "gone.tif"))
    listed = CameraRegistry().list_driver("file")
    assert isinstance(listed, UnavailableDriver)
    assert "gone.tif" in listed.reason


def test_a_folder_stands_for_the_images_and_stacks_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.npy", "a.TIF", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.npy").mkdir()
    monkeypatch.setenv(FILES_VARIABLE, str(tmp_path))
    assert [camera.label for camera in FileDriver().list_cameras()] == ["a.TIF", "b.npy"]


def test_without_names_the_users_own_folder_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILES_VARIABLE, raising=False)
    monkeypatch.setattr("macroscope_worker.cameras.file.user_documents_path", lambda: tmp_path)
    listed = CameraRegistry().list_driver("file")
    assert isinstance(listed, UnavailableDriver)
    # It says where to put them.
    assert str(files_folder()) in listed.reason
    files_folder().mkdir(parents=True)
    np.save(files_folder() / "stack.npy", _stack())
    assert [camera.label for camera in FileDriver().list_cameras()] == ["stack.npy"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.tif", b"", "not a TIFF"),
        ("junk.tiff", b"II*\0\xff\xff\xff\xff", "TIFF"),
        ("junk.npy", b"\x93NUMPY junk", "not an array"),
        ("pickle.npy", b"", "not an array"),
        ("notes.txt", b"hello", "none of"),
        ("junk.png", b"hello", "not a picture"),
    ],
)
def test_what_cannot_be_played_is_told(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CameraUnavailable, match=reason):
        _open(path)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((2, 4, 4), np.float32), "float32"),
        (np.zeros((2, 4, 4), np.int16), "int16"),
        (np.zeros(4, np.uint8), "no images"),
        (np.zeros((0, 4, 4), np.uint8), "no images"),
    ],
)
def test_arrays_that_are_no_frames(tmp_path: Path, array: npt.NDArray[Any], reason: str) -> None:
    path = tmp_path / "array.npy"
    np.save(path, array)
    with pytest.raises(CameraUnavailable, match=reason):
        _open(path)


def test_colour_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "colour.tif"
    tifffile.imwrite(path, np.zeros((8, 8, 3), np.uint8), photometric="rgb")
    with pytest.raises(CameraUnavailable, match="colour"):
        _open(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CameraNotFound):
        _open(tmp_path / "gone.tif")


def test_a_missing_library_is_a_reason_to_act_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stack.tif"
    tifffile.imwrite(path, _stack(), photometric="minisblack")
    monkeypatch.setitem(__import__("sys").modules, "tifffile", None)
    with pytest.raises(DriverUnavailable, match="pip install tifffile"):
        _open(path)
