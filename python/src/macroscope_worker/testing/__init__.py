"""For authors of camera plug-ins: checks that a camera keeps the contract. Never imported by the running worker."""

from ._camera_check import CameraContractBroken, check_camera

__all__ = ["CameraContractBroken", "check_camera"]
