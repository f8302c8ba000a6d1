*** Settings ***
Documentation       The car connects to the network by its modem, with a personal SIM, and to the Internet by that.
...                 Polestar 1, Assistance with Polestar Connect, chapter on the Internet by vehicle modem (SIM card).
Library             ConnectHil


*** Test Cases ***
A Personal SIM Is Put In
    [Documentation]    The holder takes a mini SIM; the display says where there is none, or one that cannot be read.
    [Tags]    B-23    procedure:personal-sim
    Given The Card Holder Is Empty
    Then The Display Shows The SIM Card As No Card
    And Nothing Connects
    When A Card That Cannot Be Read Is Put In
    Then The Display Shows The SIM Card As Unreadable
    And Nothing Connects
    When A Mini SIM Is Put In
    Then The Car Connects To The Network
    And The Display Shows The SIM Card As Ready

Vehicle Modem Internet Is Switched On
    [Documentation]    In the settings; another connection gives way once that is confirmed. Connect needs the modem's.
    [Tags]    B-20    B-21    procedure:modem-internet
    Given Vehicle Modem Internet Is Off
    Then The Services Of Connect Do Not Answer
    When The Driver Touches Vehicle Modem Internet In Settings
    Then The Services Of Connect Answer
    Given Vehicle Modem Internet Is Off
    And A Phone Lends Its Internet
    When The Driver Touches Vehicle Modem Internet In Settings
    Then The Display Asks To Confirm The Change Of Connection
    When The Driver Confirms The Change
    Then The Car Has Internet By Its Modem

The PIN Of The SIM Is Entered
    [Documentation]    The display asks, counts wrong ones, takes the right one to the card; three wrong ones lock it.
    [Tags]    B-22    procedure:sim-pin
    Given The SIM Asks For Its PIN
    And The Display Asks For The PIN
    When The Driver Types A Wrong PIN
    Then The Display Says That It Is Wrong And That 2 Tries Are Left
    When The Driver Types The Right PIN
    Then The Car Connects To The Network
    Given The SIM Asks For Its PIN
    When The Driver Types Wrong PINs Until The Card Is Locked
    Then The Display Shows The SIM Card As PUK Needed
    And The PUK And A New PIN Connect The Car

The Car Connects To The Network When It Is Powered
    [Documentation]    From battery on to attached, as the modem and the network tell it.
    [Tags]    B-24    procedure:modem-attach
    Given The Car Has No Power
    When The Car Is Powered
    Then The Car Is Connected To The Network In Time After Power On
    And Modem And Network Tester Agree

The Car Connects To The Network When The PIN Is Entered
    [Documentation]    From the SIM's PIN to attached, as the modem and the network tell it.
    [Tags]    B-24    procedure:modem-attach-pin
    Given The SIM Asks For Its PIN
    When The Right PIN Is Entered
    Then The Car Is Connected To The Network In Time After The PIN
    And Modem And Network Tester Agree
