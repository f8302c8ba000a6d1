*** Settings ***
Documentation       ON CALL and the app ask Polestar Assistance for help that is no emergency.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Help during a trip".
Library             ConnectHil


*** Test Cases ***
The App Asks For Help
    [Documentation]    Flat tyre, empty tank, dead battery: Assistance has the case, and where the car is.
    [Tags]    B-15    procedure:app-help
    When The App Asks For Help With A Flat Tyre
    Then Assistance Has The Case With The Car's Position
    When The App Asks For Help With An Empty Tank
    Then Assistance Has The Case With The Car's Position
    When The App Asks For Help With A Dead Battery
    Then Assistance Has The Case With The Car's Position

Holding ON CALL Opens Voice Contact
    [Documentation]    Two seconds on the button: Assistance is heard in the car, and the driver at Assistance.
    [Tags]    B-14    procedure:on-call
    Given The Car Is Parked With Ignition II
    When The Driver Holds ON CALL For 2 s
    Then Assistance Receives One On Call Call
    And Assistance Is Heard In The Car
    When The Driver Answers
    Then Voice Contact Stands

Touching ON CALL Calls Nobody
    [Documentation]    A press of less than two seconds does nothing at all.
    [Tags]    B-14    procedure:on-call-short-press
    Given The Car Is Parked With Ignition II
    When The Driver Holds ON CALL For 1 s
    Then Nobody Is Called

SOS Without An Emergency Is Misuse
    [Documentation]    SOS is for emergencies alone; anything else is recorded and may cost.
    [Tags]    B-16    procedure:sos-misuse
    Given The Car Is Parked With Ignition II
    When The Driver Holds SOS For 2 s
    And Assistance Receives One Manual Call
    And The Operator Finds No Emergency
    Then The Call Is Recorded As Misuse

ON CALL Brings Roadside Help
    [Documentation]    ON CALL is for everything else: the tow truck comes, and nobody speaks of misuse.
    [Tags]    B-16    procedure:roadside-help
    Given The Car Is Parked With Ignition II
    When The Driver Holds ON CALL For 2 s
    And Assistance Receives One On Call Call
    And The Operator Hands The Case To The Tow Truck
    Then The Tow Truck Has The Case With The Car's Position
    When The Operator Finds No Emergency
    Then The Call Is Not Recorded As Misuse

ON CALL Can Be Locked
    [Documentation]    The lock is in the settings while the ignition is on II; locked, ON CALL calls nobody.
    [Tags]    B-12    B-13    procedure:on-call-lock
    Given The Car Is Parked With Ignition II
    When The Driver Locks The Buttons In Settings
    And The Driver Holds ON CALL For 3 s
    Then Nobody Is Called
    When The Driver Unlocks The Buttons In Settings
    And The Driver Holds ON CALL For 2 s
    Then Assistance Receives One On Call Call
