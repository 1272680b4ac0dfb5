import logging
import time

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("payments")


def main_handler(event, context):
    """Charges a card: prints, logs, fails on some cards, and on one it hangs until SCF ends it."""
    print("charging order", event["order"])
    if event["card"] == "stolen":
        try:
            charge(event)
        except ValueError:
            log.exception("card refused")
            return {"paid": False}
    if event["card"] == "slow":
        log.warning("the bank does not answer")
        time.sleep(60)
    log.info("order %s paid", event["order"])
    return {"paid": True}


def charge(event):
    raise ValueError("card of order {} is stolen".format(event["order"]))
