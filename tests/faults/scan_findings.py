#!/usr/bin/env python3
"""Says what a scanner found, by severity, and fails on what is HIGH or above.

    scan_findings.py testssl|sslscan|slowhttptest REPORT
"""
import collections
import csv
import json
import sys
import xml.etree.ElementTree as xml

# testssl's ids that speak of the certificate alone. A development CA is in nobody's store and revokes nothing.
OF_THE_TEST_CERTIFICATE = {
    "cert_chain_of_trust", "cert_trust", "cert_crlDistributionPoints", "cert_ocspURL", "cert_revocation",
    "cert_caIssuers", "DNS_CAArecord", "cert_mustStapleExtension", "cert_commonName_wo_SNI", "OCSP_stapling",
    "overall_grade", "grade_cap_reason_1", "grade_cap_reason_2",
}


def testssl(report):
    found = [one for one in json.load(open(report)) if "severity" in one]
    if len(found) < 50:
        return [f"only {len(found)} findings: it did not run to its end"]
    counts = collections.Counter(one["severity"] for one in found)
    print("testssl:", ", ".join(f"{counts[s]} {s}" for s in ("CRITICAL", "HIGH", "MEDIUM", "LOW", "WARN", "INFO", "OK")))
    bad = []
    for one in found:
        text = f'{one["severity"]} {one["id"]}: {one["finding"]}'
        certificate = one["id"].split(" ")[0] in OF_THE_TEST_CERTIFICATE
        if one["severity"] in ("CRITICAL", "HIGH", "MEDIUM", "LOW", "WARN"):
            print("  " + text + (" (the test certificate)" if certificate else ""))
        if one["severity"] in ("CRITICAL", "HIGH", "FATAL") and not certificate:
            bad.append(text)
    return bad


def sslscan(report):
    test = xml.parse(report).getroot().find("ssltest")
    bad = []
    for one in test.findall("protocol"):
        name = f'{one.get("type")} {one.get("version")}'
        if one.get("enabled") == "1" and name not in ("tls 1.2", "tls 1.3"):
            bad.append(name + " is spoken")
    for tag, attribute in (("compression", "supported"), ("renegotiation", "supported")):
        one = test.find(tag)
        if one is not None and one.get(attribute) == "1" and not (tag == "renegotiation" and one.get("secure") == "1"):
            bad.append(tag + " is there")
    bad += ["Heartbleed" for one in test.findall("heartbleed") if one.get("vulnerable") == "1"]
    ciphers = test.findall("cipher")
    weak = [one.get("cipher") for one in ciphers if one.get("strength") != "strong" and one.get("strength") != "acceptable"]
    bad += [name + " is offered" for name in weak]
    if len(ciphers) < 3:
        bad.append("it found no ciphers: it did not reach the gateway")
    print(f"sslscan: {len(ciphers)} ciphers:", " ".join(sorted({one.get("cipher") for one in ciphers})))
    return bad


def slowhttptest(report):
    rows = list(csv.DictReader(open(report)))
    if len(rows) < 5:
        return [f"only {len(rows)} seconds: it did not run to its end"]
    available = next(name for name in rows[0] if "vailable" in name)
    down = [row["Seconds"] for row in rows if row[available].strip() == "0"]
    connected = max(int(row["Connected"]) for row in rows)
    print(f"slowhttptest: {len(rows)} s, up to {connected} connections, unavailable in {len(down)} of them")
    return [f"the gateway did not answer others at second {', '.join(down)}"] if down else []


def main():
    bad = {"testssl": testssl, "sslscan": sslscan, "slowhttptest": slowhttptest}[sys.argv[1]](sys.argv[2])
    for one in bad:
        print("  FOUND", one)
    return bad != []


sys.exit(main())
