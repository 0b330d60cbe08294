"""One authority, one certificate for all proxies, one for the origin, all ECDSA P-256."""
import subprocess

YEARS = '3650'


def make(directory):
    directory.mkdir(exist_ok=True)
    _key(directory, 'ca')
    _openssl(directory, 'req', '-x509', '-new', '-key', 'ca.key', '-sha256', '-days', YEARS, '-subj', '/CN=Bench CA',
             '-addext', 'basicConstraints=critical,CA:TRUE', '-out', 'ca.pem')
    for name in ('gateway', 'origin'):
        _certificate(directory, name)
    combined = (directory / 'gateway.pem').read_text() + (directory / 'gateway.key').read_text()
    (directory / 'gateway-with-key.pem').write_text(combined)  # as HAProxy wants it
    return directory


def _certificate(directory, name):
    _key(directory, name)
    (directory / f'{name}.ext').write_text(
        f'subjectAltName=DNS:{name}.test,DNS:localhost,IP:127.0.0.1\n'
        'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n')
    _openssl(directory, 'req', '-new', '-key', f'{name}.key', '-subj', f'/CN={name}.test', '-out', f'{name}.csr')
    _openssl(directory, 'x509', '-req', '-in', f'{name}.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial',
             '-days', YEARS, '-sha256', '-extfile', f'{name}.ext', '-out', f'{name}.pem')


def _key(directory, name):
    _openssl(directory, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', f'{name}.key')


def _openssl(directory, *words):
    subprocess.run(['openssl', *words], cwd=directory, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
