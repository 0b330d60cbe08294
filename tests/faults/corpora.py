"""The corpora of hostile requests, cookies, paths and tokens; ctest runs them row by row, here they are counted."""
import subprocess

from support.figures import exactly, told
from support.programs import ROOT

TARGET = 'every row that must be refused is; framing, header-trust and paths: 100 %'
BASELINE = 'nginx: 231 of 311 raw requests and 186 of 255 paths as they should be'
SHORT, FULL = {}, {}


def run(stage):
    figures = [told(f'rows of {file.stem}', len(file.read_text().split('\n')) - 1)
               for file in sorted((ROOT / 'tests/data').glob('*.jsonl'))]
    through = subprocess.run([stage.binary('tests/end_to_end/e2e_corpus'), '--report_level=short'],
                             capture_output=True, text=True, timeout=600)
    return [*figures, exactly('raw requests, paths and cookies that fail here', through.returncode, 0)]
