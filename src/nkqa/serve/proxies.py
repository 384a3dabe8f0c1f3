"""What reverse proxies say of a request, believed only where the operator has named them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Request

from nkqa.errors import SettingsError

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]


def trusted_networks(text: str) -> Networks:
    """Read addresses and networks separated by commas; raises SettingsError."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"The setting 'trusted_proxies' cannot be used: {error}.",
            "Give addresses or networks such as 10.0.0.0/8, separated by commas.",
        ) from error


def client_address(peer: str, forwarded: str, trusted: Networks) -> Address | None:
    """Return the address of the client: the last one in X-Forwarded-For that no trusted proxy has.

    The header counts only as far as trusted proxies wrote it: each appends the address that it was called from, and
    what stands before may be made up. None where the peer has no internet address (a socket of another kind).
    """
    address = _address(peer)
    for part in reversed(forwarded.split(",")):
        before = _address(part)
        if address is None or before is None or not _is_in(address, trusted):
            break
        address = before
    return address


def base_url(request: Request, trusted: Networks) -> str:
    """Return the address of the server as the client knows it, with a slash at its end.

    nkqa itself speaks no TLS: whether the client did says X-Forwarded-Proto, of which the last one counts.
    """
    peer = _address(request.remote_addr or "")
    scheme = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
    if peer is None or not _is_in(peer, trusted) or scheme not in {"http", "https"}:
        return request.host_url
    return f"{scheme}://{request.host}/"


def _is_in(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
