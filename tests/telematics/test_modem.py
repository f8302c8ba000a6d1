"""The modem on its AT port and in its network: strict, complete, and as slow as a real one."""

import pytest

from emulation.ecus.modem_service import Registration
from emulation.ecus.sim import Sim
from harness.units import MIN, MS, S
from tests.telematics.car import PIN, Car

IMSI = "001010123456789"


@pytest.fixture(scope="module")
def registered():
    """One car for all tests that only ask."""
    car = Car()
    car.at("ATE0")
    return car


@pytest.fixture
def car():
    return Car()


@pytest.fixture
def locked():
    """A car whose SIM asks for its PIN, up and waiting."""
    car = Car(ready=False)
    car.modem.sim = Sim(pin_enabled=True)
    car.power()
    car.until(lambda: car.modem.awake)
    car.at("ATE0+CMEE=1")
    return car


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("AT", ["OK"]),
        ("at+cgmi", ["Connect HIL", "OK"]),
        ("ATI", ["Connect HIL", "CM-1 LTE", "Revision: CM1.04.02", "OK"]),
        ("AT+CGSN;+GMM", ["004999010640000", "CM-1 LTE", "OK"]),
        ("AT+CIMI", [IMSI, "OK"]),
        ("AT+CPIN?", ["+CPIN: READY", "OK"]),
        ("AT+CPINR", ["+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10", "OK"]),
        ('AT+CLCK="SC",2', ["+CLCK: 0", "OK"]),
        ("AT+CCID", ["+CCID: 8900101012345678904", "OK"]),
        ("AT+CREG?;+CGREG?;+CEREG?", ["+CREG: 0,1", "+CGREG: 0,1", "+CEREG: 0,1", "OK"]),
        ("AT+CEREG=?", ["+CEREG: (0-2)", "OK"]),
        ("AT+COPS=3,0;+COPS?", ['+COPS: 0,0,"Test PLMN 1-1",7', "OK"]),
        ("AT+COPS=3,2;+COPS?", ['+COPS: 0,2,"00101",7', "OK"]),
        ("AT+CSQ", ["+CSQ: 30,99", "OK"]),
        ("AT+CESQ", ["+CESQ: 99,99,255,255,20,61", "OK"]),
        ("AT+CFUN?", ["+CFUN: 1", "OK"]),
        ("AT+CGATT?", ["+CGATT: 1", "OK"]),
        ("AT+CGDCONT?", ['+CGDCONT: 1,"IPV4V6","internet.test","",0,0', "OK"]),
        ("AT+CLCC", ["OK"]),
        ("AT+CPAS", ["+CPAS: 0", "OK"]),
        ("ATS3?", ["013", "OK"]),
        ("ATS3=13S4=10S5?", ["008", "OK"]),
        ("AT+CMEE=?", ["+CMEE: (0-2)", "OK"]),
        ("AT ; +CSQ ; ", ["+CSQ: 30,99", "OK"]),
        ("garbage AT+CSQ", ["+CSQ: 30,99", "OK"]),
    ],
)
def test_a_question_has_this_answer(registered, line, answer):
    assert registered.at(line) == answer


@pytest.mark.parametrize(
    "line",
    [
        "AT+FOO",
        "AT+CGMI?",
        "AT+CSQ=1",
        "AT^HCSQ?",
        "AT%X",
        "ATE2",
        "ATS999?",
        "AT&Q",
        "AT+CSQ+CSQ",
        "AT+CIMI;+FOO;+CIMI",
        "AT" + "+CSQ;" * 200,
        "ATG",
        "AT+",
    ],
)
def test_what_the_modem_does_not_know_is_an_error_whatever_cmee_says(registered, line):
    registered.at("AT+CMEE=2")
    assert registered.at(line)[-1] == "ERROR"
    registered.at("AT+CMEE=0")


@pytest.mark.parametrize(
    "line",
    [
        "AT+CEREG=3",
        "AT+CEREG=",
        "AT+CEREG=x",
        "AT+CEREG=1,2",
        'AT+CLCK="XX",2',
        "AT+CFUN=2",
        "AT+CFUN=0,1",
        "AT+CPWD=1",
    ],
)
def test_arguments_that_do_not_fit_are_incorrect_parameters(registered, line):
    registered.at("AT+CMEE=1")
    assert registered.at(line) == ["+CME ERROR: 50"]
    registered.at("AT+CMEE=2")
    assert registered.at(line) == ["+CME ERROR: incorrect parameters"]
    registered.at("AT+CMEE=0")
    assert registered.at(line) == ["ERROR"]


def test_every_command_that_clac_lists_is_known(registered):
    names = registered.at("AT+CLAC")[:-1]
    assert len(names) > 30
    for name in names:
        test_form = registered.at(f"AT{name}=?", 60 * S)
        executed = registered.at(f"AT{name}") if test_form == ["ERROR"] else test_form
        assert executed[-1] == "OK", name


def raw(car, text, wait=1 * S):
    car.port.inbox.clear()
    car.port.send(text)
    car.run(wait)
    return bytes(car.port.inbox)


def test_echo_framing_and_numeric_results_are_as_v250_has_them(car):
    assert raw(car, b"AT\r") == b"AT\r\r\nOK\r\n"
    assert raw(car, b"ATE0\r") == b"ATE0\r\r\nOK\r\n"
    assert raw(car, b"AT+CSQ\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"
    assert raw(car, b"ATV0\r") == b"0\r"
    assert raw(car, b"AT+CSQ\r") == b"+CSQ: 30,99\r\n0\r"
    assert raw(car, b"AT+FOO\r") == b"4\r"
    assert raw(car, b"ATQ1\r") == b""
    assert raw(car, b"ATZ\r") == b"\r\nOK\r\n"
    assert raw(car, b"ATE0S3=36\r").endswith(b"$\nOK$\n")
    assert raw(car, b"AT$") == b"$\nOK$\n"


def test_a_slash_repeats_the_last_line_without_a_terminator(car):
    raw(car, b"ATE0\r")
    raw(car, b"AT+CSQ\r")
    assert raw(car, b"A/") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"


def test_backspace_takes_the_last_character_back(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+CSX\x08Q\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"


def test_a_line_that_arrives_while_one_runs_waits_for_its_turn(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+CSQ\rAT+CGMM\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n\r\nCM-1 LTE\r\n\r\nOK\r\n"


def test_a_character_aborts_a_network_scan(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+COPS=?\r", 2 * S) == b""
    assert raw(car, b"x", 100 * MS) == b"\r\nERROR\r\n"
    assert car.at("AT+COPS=?")[0].startswith('+COPS: (2,"Test PLMN 1-1","Test1-1","00101",7)')


def test_nothing_answers_before_the_modem_has_booted():
    car = Car(ready=False)
    car.power()
    car.run(3 * S)
    assert raw(car, b"AT\r") == b""
    car.run(6 * S)
    assert raw(car, b"ATE0\r").endswith(b"OK\r\n")


# SIM


def test_the_right_pin_opens_the_sim_and_the_modem_registers(locked):
    assert locked.at("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
    assert locked.at("AT+CIMI") == ["+CME ERROR: 11"]
    assert locked.at(f'AT+CPIN="{PIN}"') == ["+CPIN: READY", "OK"]
    locked.until_registered(10 * S)
    assert locked.at("AT+CIMI") == [IMSI, "OK"]


def test_three_wrong_pins_want_the_puk_and_the_puk_sets_a_new_pin(locked):
    assert locked.at("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert locked.at("AT+CPINR")[0] == "+CPINR: SIM PIN,2,3"
    assert locked.at("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert locked.at("AT+CPIN=1111") == ["+CPIN: SIM PUK", "+CME ERROR: 12"]
    assert locked.at("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
    assert locked.at('AT+CPIN="11111111","4321"') == ["+CME ERROR: 16"]
    assert locked.at("AT+CPINR")[1] == "+CPINR: SIM PUK,9,10"
    assert locked.at('AT+CPIN="12345678","4321"') == ["+CPIN: READY", "OK"]
    assert locked.at('AT+CPWD="SC","4321","1234"') == ["OK"]
    locked.until_registered(10 * S)


def test_a_right_pin_gives_all_tries_back(locked):
    locked.at("AT+CPIN=1111")
    locked.at(f"AT+CPIN={PIN}")
    assert locked.at("AT+CPINR")[0] == "+CPINR: SIM PIN,3,3"


def test_ten_wrong_puks_lose_the_card(locked):
    for _ in range(3):
        locked.at("AT+CPIN=1111")
    for _ in range(10):
        locked.at('AT+CPIN="11111111","4321"')
    assert locked.at("AT+CPIN?") == ["+CME ERROR: 13"]
    assert locked.at('AT+CPIN="12345678","4321"') == ["+CME ERROR: 13"]


def test_a_pin_that_is_switched_on_is_asked_for_after_the_next_boot(car):
    car.at("ATE0+CMEE=1")
    assert car.at('AT+CLCK="SC",1,"9999"') == ["+CME ERROR: 16"]
    assert car.at(f'AT+CLCK="SC",1,"{PIN}"') == ["OK"]
    assert car.at('AT+CLCK="SC",2') == ["+CLCK: 1", "OK"]
    assert car.at("AT+CPIN?") == ["+CPIN: READY", "OK"]
    car.at("AT+CFUN=1,1")
    car.port.inbox.clear()
    car.until(lambda: "+CPIN: SIM PIN" in car.told())
    assert car.told()[0] == "^SYSSTART"


@pytest.mark.parametrize(
    ("sim", "code"), [(None, 10), (Sim(size="4FF"), 10), (Sim(readable=False), 13)], ids=["none", "nano", "unreadable"]
)
def test_no_sim_a_wrong_size_and_an_unreadable_one_are_told_apart_and_do_not_register(car, sim, code):
    car.at("ATE0+CMEE=1")
    car.modem.insert(sim)
    car.run(15 * S)
    assert car.at("AT+CPIN?") == [f"+CME ERROR: {code}"]
    assert car.at("AT+CIMI") == [f"+CME ERROR: {code}"]
    assert car.at("AT+CEREG?")[0] == "+CEREG: 0,0"
    assert car.at("ATD+46123;") == [f"+CME ERROR: {code}"]


def test_an_emergency_call_needs_no_sim(car):
    car.at("ATE0+CMEE=1")
    car.modem.insert(None)
    car.run(1 * S)
    assert car.at("ATD112;") == ["OK"]
    assert car.connected().target == "emergency"


# Registration


def test_from_power_on_it_takes_8_to_14_s_and_from_radio_on_3_to_6_s_with_a_tail():
    from_power, from_radio = [], []
    for seed in range(25):
        car = Car(seed, ready=False)
        car.power()
        car.until(lambda car=car: car.modem.powered)
        began = car.world.now
        from_power.append(car.until_registered() - began)
        for _ in range(2):
            car.modem.set_functionality(0)
            car.run(1 * S)
            car.modem.set_functionality(1)
            began = car.world.now
            from_radio.append(car.until_registered() - began)
    assert min(from_power) > 7 * S
    assert max(from_power) < 16 * S
    assert sum(8 * S <= time <= 14 * S for time in from_power) >= 22
    assert min(from_radio) > 2 * S
    assert max(from_radio) < 9 * S
    assert sum(2_500 * MS <= time <= 6 * S for time in from_radio) >= 45
    assert len(set(from_power)) == 25


def test_at_and_network_agree_on_being_attached(car):
    assert car.network.state(IMSI) == "ATT"
    car.at("AT+CFUN=0")
    assert car.network.state(IMSI) == "ON"
    assert car.at("AT+CEREG?")[-2] == "+CEREG: 0,0"
    car.at("AT+CFUN=1;+CEREG=2")
    car.port.inbox.clear()
    at = car.until_registered()
    assert car.network.state(IMSI) == "ATT"
    attached = car.records("network", "attached")[-1].time
    assert 0 <= at - attached <= 10 * MS
    car.run(100 * MS)
    assert car.told() == ["+CEREG: 2", '+CEREG: 1,"0001","01A2D001",7']


def test_a_lost_attach_request_is_repeated_after_t3410_and_t3411(car):
    car.modem.set_functionality(0)
    lost = iter([True, True])
    car.network._gets_lost = lambda: next(lost, False)
    began = car.world.now
    car.modem.set_functionality(1)
    assert 50 * S < car.until_registered() - began < 65 * S


@pytest.mark.parametrize(("cause", "stat"), [(3, 3), (11, 8), (17, 2)])
def test_a_rejection_is_denied_emergency_only_or_tried_again_by_its_cause(car, cause, stat):
    car.modem.set_functionality(0)
    car.network.reject_cause = cause
    car.modem.set_functionality(1)
    car.run(25 * S)
    assert car.modem.registration == stat
    car.network.reject_cause = None
    car.network.change(plmn="00101")
    car.run(30 * S)
    assert car.modem.registration == (3 if cause == 3 else 1)


def test_five_attempts_are_followed_by_t3402(car):
    car.modem.set_functionality(0)
    car.network.reject_cause = 17
    car.modem.set_functionality(1)
    car.run(2 * MIN)
    assert len(car.records("network", "rejected")) == 5
    car.run(9 * MIN)
    assert len(car.records("network", "rejected")) == 5


def test_a_short_gap_in_coverage_keeps_the_registration_and_a_long_one_loses_it(car):
    car.network.change(coverage="none")
    car.run(1 * S)
    car.network.change(coverage="full")
    car.run(2 * S)
    assert len(car.records("network", "attached")) == 1
    car.network.change(coverage="none")
    car.run(5 * S)
    assert car.modem.registration is Registration.SEARCHING
    assert car.at("AT+CSQ")[-2] == "+CSQ: 99,99"
    car.network.change(coverage="full")
    car.until_registered(10 * S)


def test_a_cell_that_was_off_for_a_moment_is_attached_to_again(car):
    car.network.set_cell(False)
    car.run(500 * MS)
    car.network.set_cell(True)
    car.run(5 * S)
    assert car.network.state(IMSI) == "ATT"
    assert car.modem.registration is Registration.HOME


def test_abroad_means_roaming(car):
    car.network.change(plmn="00102")
    car.run(10 * S)
    assert car.at("AT+CREG?")[-2] == "+CREG: 0,5"
    assert car.unit.registration() == "ROAMING"


def test_operator_selection_leaves_finds_and_refuses(car):
    car.at("ATE0+CMEE=1")
    assert car.at("AT+COPS=2") == ["OK"]
    assert car.at("AT+COPS?") == ["+COPS: 2", "OK"]
    assert car.at('AT+COPS=1,2,"26201"', 60 * S) == ["+CME ERROR: 30"]
    assert car.at('AT+COPS=1,2,"00101"', 60 * S) == ["OK"]
    assert car.at("AT+COPS?") == ['+COPS: 1,2,"00101",7', "OK"]
    assert car.at("AT+COPS=0", 60 * S) == ["OK"]
    assert car.at("AT+CGATT=0", 60 * S) == ["OK"]
    assert car.at("AT+CGATT?") == ["+CGATT: 0", "OK"]
    assert car.at("AT+CGATT=1", 60 * S) == ["OK"]


# Calls on the AT port


def test_a_call_passes_through_dialling_alerting_and_active(car):
    car.at("ATE0^DSCI=1")
    assert car.at("ATD+9994655501;") == ["^DSCI: 1,0,2,0,+9994655501,145", "OK"]
    assert car.at("AT+CLCC")[0] == '+CLCC: 1,0,2,0,0,"+9994655501",145'
    car.port.inbox.clear()
    car.connected()
    car.run(10 * MS)
    assert car.told() == ["^DSCI: 1,0,3,0,+9994655501,145", "^DSCI: 1,0,0,0,+9994655501,145"]
    assert car.network.state(IMSI) == "CEST"
    car.port.inbox.clear()
    car.connected().hang_up("remote")
    car.run(10 * MS)
    assert car.told() == ["^DSCI: 1,0,6,0,+9994655501,145", "NO CARRIER"]
    car.run(11 * S)
    assert car.network.state(IMSI) == "ATT"


@pytest.mark.parametrize(("mode", "result"), [("busy", "BUSY"), ("unreachable", "NO CARRIER"), ("rings", "NO ANSWER")])
def test_a_call_that_fails_says_why(car, mode, result):
    car.behave(car.assistance, mode=mode)
    car.at("ATD+9994655501;")
    car.until(lambda: result in car.told(), 2 * MIN)


def test_calls_are_refused_by_what_stands_against_them(car):
    car.at("ATE0+CMEE=1")
    assert car.at("ATDxyz;") == ["+CME ERROR: 50"]
    assert car.at("ATD112") == ["NO CARRIER"]
    assert car.at("ATA") == ["NO CARRIER"]
    assert car.at("ATD112;") == ["OK"]
    assert car.at("ATD112;") == ["+CME ERROR: 3"]
    assert car.at("AT+CHUP") == ["OK"]
    car.network.change(coverage="none")
    assert car.at("ATD112;") == ["+CME ERROR: 30"]


def test_an_emergency_call_of_the_car_has_its_category_and_is_told(car):
    car.at("ATE0")
    assert car.at("AT+CECALL=3") == ["OK"]
    assert car.at("AT+CECALL?") == ["+CECALL: 3", "OK"]
    assert car.modem.leg.ecall == 64
    car.at("ATH")
    assert car.at("AT+CECALL?") == ["OK"]


def test_an_incoming_call_rings_with_its_number_until_it_is_taken(car):
    car.at("ATE0+CLIP=1")
    car.port.inbox.clear()
    back = car.network.ring(IMSI, "+9994655501")
    car.run(13 * S)
    assert car.told() == ["RING", '+CLIP: "+9994655501",145'] * 3
    assert car.at("AT+CPAS;+CLCC")[:2] == ["+CPAS: 3", '+CLCC: 1,1,4,0,0,"+9994655501",145']
    assert car.at("ATA") == ["OK"]
    assert back.connected
    car.port.inbox.clear()
    back.hang_up("remote")
    car.run(1 * S)
    assert car.told() == ["NO CARRIER"]


def test_the_tester_sees_the_telematics_units_own_calls(car):
    car.at("ATE0^DSCI=1")
    car.port.inbox.clear()
    car.crash()
    car.connected()
    states = [line.split(",")[2] for line in car.told() if line.startswith("^DSCI: 1,0")]
    assert states == ["2", "3", "0"]
    assert "NO CARRIER" not in car.told()
